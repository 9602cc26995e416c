import type { AuditEventView } from '@gatehouse/api'
import { expect, it } from 'vitest'
import { sayEvent } from './say-event.ts'

const happened = (event: string, fields: AuditEventView['fields'], user?: string) => {
  const rest = { seq: 1, uid: 'u', code: 'c', time: '2027-03-01T09:00:00Z', subjects: [], previousHash: '', hash: '' }
  return sayEvent({ ...rest, event, fields, ...(user === undefined ? {} : { user }) })
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
  expect(happened(event, fields, 'ana')).toEqual({ title, text })
})

it('says what AWS confirmed', () => {
  expect(
    happened('aws_identity_center.group.members_changed', { group: 'On-call', added: ['a'], removed: ['b', 'c'] }),
  ).toEqual({ title: 'AWS confirmed a in, b, c out', text: 'Group On-call' })
})

it('names five of many', () => {
  const members = Array.from({ length: 9 }, (_, index) => member(`m${index}`))
  expect(happened('access_list.member.create', { members }, 'ana').title).toBe(
    'ana added m0, m1, m2, m3, m4 and 4 more',
  )
})

it('says by its name and fields what it has no words for', () => {
  expect(happened('access_list.delete', { name: 'x', count: 2 })).toEqual({
    title: 'Gatehouse: access_list.delete',
    text: 'name: x · count: 2',
  })
})
