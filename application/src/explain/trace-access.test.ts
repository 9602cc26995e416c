import { formatInstant, hours, type Instant, minutes, plus, type Subject } from '@gatehouse/domain'
import {
  anEvent,
  approved,
  aList,
  aRequest,
  aUser,
  GLOBEX,
  GLOBEX_CATALOGUE,
  NOW,
  on,
  PROD,
  READ_ONLY,
  SANDBOX,
} from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { causeText } from '../reconcile/execute-assignment.ts'
import { startGovernance } from '../testing/governance-scene.ts'
import { traceAccess } from './trace-access.ts'

const ana = aUser('ana', { roles: [] })
const at = (minute: number): Instant => plus(NOW, minutes(minute))

const assignment = (
  change: 'created' | 'deleted',
  time: Instant,
  { subject = `user:${ana.id}`, ...fields }: Readonly<Record<string, unknown>> & { readonly subject?: Subject } = {},
) =>
  anEvent(`aws_identity_center.account_assignment.${change}`, {
    time,
    subjects: [subject],
    fields: {
      success: true,
      principal_metadata: { name: subject, principal_type: subject.startsWith('user:') ? 'USER' : 'GROUP' },
      principal_assignments: [{ account_id: PROD.id, permission_set_arn: READ_ONLY.arn }],
      ...fields,
    },
  })

async function trace(
  events: readonly ReturnType<typeof anEvent>[],
  seed: Parameters<typeof startGovernance>[0] = {},
  elsewhere = PROD,
) {
  const scene = await startGovernance({ users: [ana, aUser('bruno')], ...seed })
  await scene.store.commit({ events }, scene.signal)
  const place = { account: elsewhere.id, permissionSet: READ_ONLY.arn }
  const traced = await traceAccess(scene, { actor: scene.as('ana'), user: ana.name, ...place }, scene.signal)
  return traced.moments.map((moment) => [moment.kind, (moment.at - NOW) / 60_000, moment.text])
}

const RESOURCE = {
  account: PROD.id,
  permissionSet: READ_ONLY.arn,
  accountName: PROD.name,
  permissionSetName: READ_ONLY.name,
}
const REQUESTED = { requests: [aRequest('r', 'ana', { resources: [RESOURCE], ...approved(NOW, hours(1)) })] }

it('leads from the decision over what AWS said to the end', async () => {
  const events = [
    assignment('created', at(1), { success: false, error: 'Too busy' }),
    assignment('created', at(3), { sent_at: formatInstant(at(2)) }),
  ]
  expect(await trace(events, REQUESTED)).toEqual([
    ['decided', 0, expect.stringContaining('approved')],
    ['refused', 1, 'Too busy'],
    ['sent', 2, ''],
    ['confirmed', 3, ''],
    ['ends', 60, ''],
  ])
})

it('says when AWS was read last, of the organization that the account is of, and nothing of what has happened since', async () => {
  const scene = await startGovernance({
    users: [ana],
    requests: REQUESTED.requests,
    others: [{ organization: GLOBEX, catalogue: GLOBEX_CATALOGUE }],
  })
  const readHoldings: typeof scene.store.readHoldings = async (organization) => ({
    isRead: true,
    direct: new Set(),
    throughGroups: new Set(),
    readAt: organization === GLOBEX.id ? at(30) : at(20),
  })
  const ports = { ...scene, store: { ...scene.store, readHoldings } }
  const place = { account: PROD.id, permissionSet: READ_ONLY.arn }
  const { moments } = await traceAccess(ports, { actor: scene.as('ana'), user: ana.name, ...place }, scene.signal)
  expect(moments.map(({ kind }) => kind)).toEqual(['decided', 'read', 'ends'])
  expect(moments.find(({ kind }) => kind === 'read')?.at).toBe(at(20))
  await scene.store.commit({ events: [assignment('created', at(25))] }, scene.signal)
  const later = await traceAccess(ports, { actor: scene.as('ana'), user: ana.name, ...place }, scene.signal)
  expect(later.moments.map(({ kind }) => kind)).toEqual(['decided', 'confirmed', 'ends'])
})

it('tells drift from what was decided', async () => {
  const drifted = assignment('deleted', at(4), { cause: causeText({ kind: 'foreign' }) })
  const ended = assignment('deleted', at(5), { cause: 'expired at noon' })
  expect((await trace([drifted, ended], REQUESTED)).map(([kind]) => kind)).toEqual([
    'decided',
    'drift',
    'removed',
    'ends',
  ])
})

it('follows access through a list: when he joined, what the group was given, and that he is in it', async () => {
  const list = aList('platform', { members: ['ana'], grants: [on(READ_ONLY, PROD)] })
  const subject = `list:${list.id}` as const
  const members = anEvent('aws_identity_center.group.members_changed', {
    time: at(2),
    subjects: [subject],
    fields: { group: list.title, external_id: 'g', added: [ana.name], removed: [] },
  })
  const events = [assignment('created', at(1), { subject }), members]
  expect((await trace(events, { lists: [list] })).map(([kind, , text]) => `${String(kind)} ${String(text)}`)).toEqual([
    `decided in ${list.title}, found there in AWS`,
    `confirmed for the group ${subject}`,
    `confirmed in the group ${list.title}`,
  ])
})

it('says when he came into the group of the organization that the account is of, and not into that of another', async () => {
  const list = aList('platform', { members: ['ana'], grants: [on(READ_ONLY, PROD)] })
  const joined = (minute: number, organization?: string) =>
    anEvent('aws_identity_center.group.members_changed', {
      time: at(minute),
      subjects: [`list:${list.id}`],
      fields: { ...(organization === undefined ? {} : { organization }), group: 'g', added: [ana.name], removed: [] },
    })
  const events = [joined(1), joined(2, 'acme'), joined(3, GLOBEX.id)]
  const others = [{ organization: GLOBEX, catalogue: GLOBEX_CATALOGUE }]
  const moments = await trace(events, { lists: [list], others })
  expect(moments.filter(([kind]) => kind === 'confirmed').map(([, minute]) => minute)).toEqual([1, 2])
})

it('says nothing of other places, other people and what other lists did', async () => {
  const events = [
    assignment('created', at(1), {
      principal_assignments: [{ account_id: SANDBOX.id, permission_set_arn: READ_ONLY.arn }],
    }),
    assignment('created', at(2), { subject: `user:${aUser('bruno').id}` }),
    assignment('created', at(3), { subject: 'list:other' }),
  ]
  expect((await trace(events, REQUESTED)).map(([kind]) => kind)).toEqual(['decided', 'ends'])
})

it('is kept short: of many events the newest stay', async () => {
  const many = Array.from({ length: 150 }, (_, index) => assignment('created', at(index)))
  const moments = await trace(many, REQUESTED)
  expect(moments).toHaveLength(101)
  expect(moments.at(-2)?.[1]).toBe(149)
})

it('is not told to whoever may not ask why somebody has access', async () => {
  const scene = await startGovernance({ users: [ana, aUser('bruno', { roles: [] })], ...REQUESTED })
  const query = { user: ana.name, account: PROD.id, permissionSet: READ_ONLY.arn }
  await expect(traceAccess(scene, { actor: scene.as('bruno'), ...query }, scene.signal)).rejects.toMatchObject({
    problem: { code: 'not-found', kind: 'user' },
  })
})
