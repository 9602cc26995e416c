import type { AuditEventView } from '@gatehouse/api'
import { expect, it } from 'vitest'
import type { PlaceNames } from '../../components/place-names.ts'
import { sayEvent } from './say-event.ts'

const happened = (
  event: string,
  fields: AuditEventView['fields'],
  { user, names }: { readonly user?: string; readonly names?: PlaceNames } = {},
) => {
  const rest = { seq: 1, uid: 'u', code: 'c', time: '2027-03-01T09:00:00Z', subjects: [], previousHash: '', hash: '' }
  return sayEvent({ ...rest, event, fields, ...(user === undefined ? {} : { user }) }, names)
}
const member = (name: string, reason = '') => ({ member_name: name, reason })

it.each([
  [
    'access_list.member.create',
    { success: true, members: [member('bea', 'on call'), member('cem', 'on call')] },
    'ana added bea, cem',
    'on call',
  ],
  ['access_list.member.delete', { success: true, members: [member('bea')] }, 'ana took out bea', ''],
  [
    'access_list.member.delete',
    { success: false, error: 'Only owners may.', members: [member('bea')] },
    'Refused: ana took out bea',
    'Only owners may.',
  ],
  [
    'access_list.review',
    { success: true, removed_members: ['bea'], notes: 'left' },
    'ana reviewed the list',
    'Taken out: bea. left',
  ],
  ['access_list.update', { success: true }, 'ana changed the list', ''],
])('says %s in words', (event, fields, title, text) => {
  expect(happened(event, fields, { user: 'ana' })).toEqual({ title, text })
})

it('says what AWS confirmed', () => {
  expect(
    happened('aws_identity_center.group.members_changed', { group: 'On-call', added: ['a'], removed: ['b', 'c'] }),
  ).toEqual({ title: 'AWS confirmed a in, b, c out', text: 'Group On-call' })
})

it('calls what the list gives in AWS by its names, and says whom, and what AWS refused', () => {
  const names = { accountOf: () => 'prod (111111111111)', setOf: () => 'ReadOnlyAccess' }
  const fields = {
    success: true,
    causes: [{ kind: 'list' }],
    principal_assignments: [{ account_id: '111111111111', permission_set_arn: 'arn:aws:sso:::permissionSet/a/b' }],
    principal_metadata: { principal_type: 'GROUP', friendly_name: 'On-call' },
  }
  const made = 'aws_identity_center.account_assignment.created'
  expect(happened(made, fields, { names })).toEqual({
    title: 'AWS confirmed ReadOnlyAccess on prod (111111111111)',
    text: 'For the group On-call',
  })
  expect(happened('aws_identity_center.account_assignment.deleted', fields, { names })).toEqual({
    title: 'AWS confirmed that ReadOnlyAccess on prod (111111111111) is gone',
    text: 'From the group On-call',
  })
  expect(happened(made, { ...fields, success: false, error: 'Too many.' }, { names })).toEqual({
    title: 'AWS refused to assign ReadOnlyAccess on prod (111111111111)',
    text: 'For the group On-call: Too many.',
  })
  expect(happened(made, fields).title).toBe('AWS confirmed arn:aws:sso:::permissionSet/a/b on 111111111111')
})

it('names five of many', () => {
  const members = Array.from({ length: 9 }, (_, index) => member(`m${index}`))
  expect(happened('access_list.member.create', { members }, { user: 'ana' }).title).toBe(
    'ana added m0, m1, m2, m3, m4 and 4 more',
  )
})

it('says by its name and fields what it has no words for', () => {
  expect(happened('access_list.delete', { name: 'x', count: 2 })).toEqual({
    title: 'Gatehouse: access_list.delete',
    text: 'name: x · count: 2',
  })
})
