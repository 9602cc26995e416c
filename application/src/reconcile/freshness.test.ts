import { awsPrincipalKey, grantKey } from '@gatehouse/domain'
import { A_CATALOGUE, ADMIN, anOrganization, aUser, aUserLink, awsGroupId, NOW, PROD } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { createRecordsCache } from '../governance/records-cache.ts'
import type { Commit, MirrorChange } from '../ports/store.ts'
import { connectInMemory, createInMemoryAws } from '../testing/in-memory-identity-center.ts'
import { createInMemoryStore } from '../testing/in-memory-store.ts'
import { applyCommit, createEngineState } from './engine-state.ts'
import { createFreshness } from './freshness.ts'
import { createDescriptions } from './read-aws.ts'
import { sweep } from './sweep.ts'

const { signal } = new AbortController()
const SECOND = 1_000

it('believes no reading, however long it takes, on what was written since it began', async () => {
  const aws = createInMemoryAws({
    accounts: [...A_CATALOGUE.accounts.values()],
    permissionSets: [...A_CATALOGUE.permissionSets.values()],
  })
  const ana = aUser('ana')
  const link = aUserLink(ana)
  const organization = anOrganization({
    driftPolicy: { ...anOrganization().driftPolicy, 'assignment-added': 'adopt' },
  })
  const principal = awsPrincipalKey({ type: 'USER', id: link.awsUser })
  const grant = grantKey({ account: PROD.id, permissionSet: ADMIN.arn })
  aws.users.set(link.awsUser, { profile: link.pushed, externalId: ana.id })
  aws.assignments.set(principal, new Set([grant]))
  const store = createInMemoryStore()
  const mirror: readonly MirrorChange[] = [
    ...[...A_CATALOGUE.accounts.keys()].map((id) => ({ put: 'adopted-account', id }) as const),
    { put: 'assignments-read', principal, at: NOW },
    { put: 'assignment', principal, grant },
  ]
  await store.commit(
    {
      organization: organization.id,
      records: [
        { put: 'organization', organization },
        { put: 'user', user: ana },
        { put: 'user-link', link: { ...link, organization: organization.id } },
      ],
      mirror,
    },
    signal,
  )
  const state = createEngineState(
    await store.readMirror(organization.id, signal),
    await store.readMemory(organization.id, signal),
    [],
  )
  let clock = 0
  const freshness = createFreshness(() => clock)
  const commit = async (change: Commit): Promise<void> => {
    await store.commit({ ...change, organization: organization.id }, signal)
    applyCommit(state, change)
  }
  const { identityCenter } = connectInMemory(aws)
  const slow = {
    ...identityCenter,
    async listAssignments(...asked: Parameters<typeof identityCenter.listAssignments>) {
      const read = await identityCenter.listAssignments(...asked)
      // The access ends and is taken away; AWS is large, so the reading goes on for minutes.
      aws.assignments.get(principal)?.delete(grant)
      const removed: MirrorChange = { delete: 'assignment', principal, grant }
      await commit({ mirror: [removed] })
      freshness.note([removed])
      clock += 110 * SECOND
      freshness.note([])
      return read
    },
  }
  const ports = { identityCenter: slow, records: createRecordsCache(store), commit, ...freshness }
  const context = {
    organization: organization.id,
    state,
    descriptions: createDescriptions(),
    now: () => NOW,
    report: () => undefined,
  }
  await sweep(ports, context, signal)
  expect(state.mirror.observed.assignments.get(principal)).toEqual(new Set())
  expect((await store.readRecords(signal)).adopted).toEqual([])
})

it('believes a reading again on what was written long before it began, and no sooner', async () => {
  let clock = 0
  const freshness = createFreshness(() => clock)
  const id = awsGroupId('g')
  const group = `group ${id}` as const
  freshness.note([{ delete: 'group', id }])
  clock = 59 * SECOND
  expect(await freshness.whileReading(async (isFresh) => isFresh(group))).toBe(true)
  clock = 61 * SECOND
  expect(await freshness.whileReading(async (isFresh) => isFresh(group))).toBe(false)
})
