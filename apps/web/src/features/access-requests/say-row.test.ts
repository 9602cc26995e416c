import { expect, it } from 'vitest'
import { sayRow, sayRows } from './say-row.ts'

const prod = { account: '111111111111', accountName: 'prod', permissionSet: 'AdministratorAccess' }
const resource = { ...prod, id: '/acme/aws_ic_account_assignment/111111111111--administratoraccess' }
const row = { id: '111111111111|arn:1', name: '111111111111--administratoraccess' }
const assignment = { ...prod, permissionSetArn: 'arn:1', state: 'proposed' } as const

it('names a row by permission set and account, also when it was not approved and has no assignment', () => {
  const said = 'AdministratorAccess on prod (111111111111)'
  expect(sayRow(row, { assignments: [assignment], resources: [] })).toBe(said)
  expect(sayRow(row, { assignments: [], resources: [resource] })).toBe(said)
})

it('leaves roles, and what two sets could be, as they are written', () => {
  expect(sayRow({ id: 'on-call', name: 'on-call' }, { assignments: [], resources: [resource] })).toBe('on-call')
  expect(
    sayRow(row, { assignments: [], resources: [resource, { ...resource, permissionSet: 'administratorAccess' }] }),
  ).toBe(row.name)
})

it('counts one row as one', () => {
  expect([sayRows(1), sayRows(2)]).toEqual(['1 row', '2 rows'])
})
