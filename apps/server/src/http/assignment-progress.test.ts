import { readEachHoldings, readView } from '@gatehouse/application'
import { startGovernance } from '@gatehouse/application/testing'
import {
  type AccessRequest,
  awsPrincipalKey,
  type Duration,
  formatInstant,
  grantKey,
  hours,
  type Instant,
  minutes,
  plus,
} from '@gatehouse/domain'
import { anEvent, approved, aRequest, aUser, aUserLink, NOW, PROD, READ_ONLY, SANDBOX } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { progressOf } from './assignment-progress.ts'
import { readConfirmations } from './read-confirmations.ts'

const ana = aUser('ana')
const link = aUserLink(ana)
const principal = awsPrincipalKey({ type: 'USER', id: link.awsUser })
const rows = [PROD, SANDBOX].map((account) => ({
  account: account.id,
  permissionSet: READ_ONLY.arn,
  accountName: account.name,
  permissionSetName: READ_ONLY.name,
}))
const confirmed = (change: 'created' | 'deleted', account: typeof PROD, time: Instant, sentAt?: Instant) =>
  anEvent(`aws_identity_center.account_assignment.${change}`, {
    time,
    fields: {
      success: true,
      ...(sentAt === undefined ? {} : { sent_at: formatInstant(sentAt) }),
      principal_metadata: { name: ana.name, external_id: link.awsUser, principal_type: 'USER' },
      principal_assignments: [{ account_id: account.id, permission_set_arn: READ_ONLY.arn }],
    },
  })

/** Both accounts are held and were read an hour before the approval; the events are what AWS confirmed. */
const stands = async (events: readonly ReturnType<typeof confirmed>[], isHeld = true) =>
  (await progress(events, isHeld)).map(({ state, at }) => [state, at])

async function progress(
  events: readonly ReturnType<typeof confirmed>[],
  isHeld: boolean,
  { others = [], after = isHeld ? minutes(0) : hours(1) }: { others?: readonly AccessRequest[]; after?: Duration } = {},
) {
  const scene = await startGovernance({
    users: [ana],
    userLinks: [link],
    requests: [aRequest('r', 'ana', { resources: rows, ...approved(NOW, hours(1)) }), ...others],
    mirror: [
      { put: 'assignments-read', principal, at: plus(NOW, minutes(-60)) },
      ...rows.flatMap((row) => (isHeld ? [{ put: 'assignment', principal, grant: grantKey(row) } as const] : [])),
    ],
  })
  await scene.store.commit({ events }, scene.signal)
  scene.clock.advance(after)
  const reading = await readView(scene, scene.signal)
  const request = reading.view.requests.find(({ id }) => id === 'r')
  if (!request) throw new Error('the request is gone')
  const holdings = await readEachHoldings(scene, reading.enrolled, { user: ana.id, signal: scene.signal })
  const confirmations = await readConfirmations(scene.store, NOW, scene.signal)
  return progressOf(request, reading, { journal: [], confirmations, holdings })
}

it('says when AWS confirmed an assignment, not when it was read before', async () => {
  const earlier = confirmed('created', PROD, plus(NOW, minutes(-90)))
  const later = confirmed('created', PROD, plus(NOW, minutes(2)))
  expect(await stands([earlier, later])).toEqual([
    ['confirmed', '2027-03-01T09:02:00Z'],
    ['confirmed', '2027-03-01T08:00:00Z'],
  ])
})

it('says when AWS confirmed that it is gone', async () => {
  const given = confirmed('created', PROD, plus(NOW, minutes(2)))
  const taken = confirmed('deleted', PROD, plus(NOW, minutes(61)))
  expect(await stands([given, taken], false)).toEqual([
    ['ended', '2027-03-01T10:01:00Z'],
    ['ended', undefined],
  ])
})

it('keeps when AWS took the request and confirmed it, also when the access has ended', async () => {
  const given = confirmed('created', PROD, plus(NOW, minutes(2)), plus(NOW, minutes(1)))
  const taken = confirmed('deleted', PROD, plus(NOW, minutes(61)), plus(NOW, minutes(60)))
  const [row] = await progress([given, taken], false)
  expect(row).toMatchObject({
    state: 'ended',
    sentAt: '2027-03-01T09:01:00Z',
    confirmedAt: '2027-03-01T09:02:00Z',
    at: '2027-03-01T10:01:00Z',
  })
})

it('says until when credentials hold that were issued before the end, and no longer than that', async () => {
  const taken = confirmed('deleted', PROD, plus(NOW, minutes(61)))
  const [row] = await progress([taken], false, { after: minutes(70) as Duration })
  expect(row).toMatchObject({ state: 'ended', sessionsEndBy: '2027-03-01T11:01:00Z' })
  const [later] = await progress([taken], false, { after: hours(3) })
  expect(later).not.toHaveProperty('sessionsEndBy')
})

it('has ended while other access keeps the same assignment, and is ending where nothing does', async () => {
  const [prod] = rows
  const other = aRequest('s', 'ana', { resources: prod ? [prod] : [], ...approved(NOW, hours(9)) })
  const [kept, going] = await progress([], true, { others: [other], after: hours(2) })
  expect(kept).toMatchObject({
    state: 'ended',
    at: '2027-03-01T10:00:00Z',
    reason: 'Other access of theirs keeps the assignment in AWS.',
  })
  expect(going).toMatchObject({ state: 'ending' })
  const [ending] = await progress([], true, { others: [other], after: hours(9) })
  expect(ending).toMatchObject({ state: 'ending' })
})

it('does not take for its own what was given after it had ended', async () => {
  const given = confirmed('created', PROD, plus(NOW, minutes(2)), plus(NOW, minutes(1)))
  const taken = confirmed('deleted', PROD, plus(NOW, minutes(61)))
  const again = confirmed('created', PROD, plus(NOW, minutes(70)), plus(NOW, minutes(69)))
  const takenAgain = confirmed('deleted', PROD, plus(NOW, minutes(80)))
  const [row] = await progress([given, taken, again, takenAgain], false)
  expect(row).toMatchObject({ confirmedAt: '2027-03-01T09:02:00Z', at: '2027-03-01T10:01:00Z' })
})
