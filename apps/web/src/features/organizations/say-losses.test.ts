import type { AdoptedAssignmentView } from '@gatehouse/api'
import { expect, it } from 'vitest'
import { sayLosses } from './say-losses.ts'

const row = (user: string, set: string, account: string, effect: AdoptedAssignmentView['effect'] = 'goes') => ({
  key: `${user} ${account}|${set}`,
  user,
  account,
  accountName: account,
  permissionSet: set,
  permissionSetName: set,
  since: '2027-03-01T09:00:00Z',
  aws: 'held' as const,
  effect,
  reasons: [],
  revision: '1',
})

it('says of each person and permission set where it is lost, and nothing of what is kept', () => {
  const rows = [
    row('boris', 'ReadOnly', 'prod'),
    row('boris', 'ReadOnly', 'lab'),
    row('ana', 'ReadOnly', 'prod'),
    row('boris', 'Admin', 'prod'),
    row('ana', 'Admin', 'prod', 'stays'),
  ]
  expect(sayLosses(rows)).toEqual([
    'boris loses ReadOnly on 2 accounts',
    'ana loses ReadOnly on prod',
    'boris loses Admin on prod',
  ])
})
