import { A_CATALOGUE, ADMIN, PROD, READ_ONLY, SANDBOX, STAGING } from '@gatehouse/domain/testing'
import type { AwsUserId } from '@gatehouse/domain'
import { describe, expect, it } from 'vitest'
import { type IdentityCenter, IdentityCenterError } from '../ports/identity-center.ts'
import { connectInMemory, createInMemoryAws } from '../testing/in-memory-identity-center.ts'
import { createPoller } from './poller.ts'

const call = { lane: 'bulk', signal: new AbortController().signal } as const
const ana = { type: 'USER', id: 'ana' as AwsUserId } as const
const GRANTS = [PROD, STAGING, SANDBOX].flatMap(({ id }) =>
  [ADMIN, READ_ONLY].map(({ arn }) => ({ account: id, permissionSet: arn })),
)

/** Six requests in flight, each over after three looks, and what is asked about them. */
async function sixInFlight(changed: Partial<IdentityCenter> = {}) {
  const aws = createInMemoryAws({
    accounts: [...A_CATALOGUE.accounts.values()],
    permissionSets: [...A_CATALOGUE.permissionSets.values()],
  })
  const profile = { userName: 'ana', givenName: '', familyName: '', displayName: '', email: '', active: true }
  aws.users.set(ana.id, { profile })
  aws.looksNeeded = 3
  const { identityCenter } = connectInMemory(aws)
  const asked: string[] = []
  const counting: IdentityCenter = {
    ...identityCenter,
    listRequestsInProgress(...args) {
      asked.push('list')
      return { ...identityCenter, ...changed }.listRequestsInProgress(...args)
    },
    describeAssignmentRequest(...args) {
      asked.push('describe')
      return identityCenter.describeAssignmentRequest(...args)
    },
  }
  const poller = createPoller(counting, call.signal)
  const statuses = await Promise.all(
    GRANTS.map((grant) => identityCenter.createAssignment({ ...grant, principal: ana }, call)),
  )
  const finals = await Promise.all(
    statuses.map((status) => poller.wait('creation', 'requestId' in status ? (status.requestId ?? '') : '', 'bulk')),
  )
  const count = (question: string): number => asked.filter((one) => one === question).length
  return { finals: finals.map(({ status }) => status), lists: count('list'), describes: count('describe') }
}

describe('waiting for requests', () => {
  it('asks for all together, and one by one only for those that are over', async () => {
    const { finals, lists, describes } = await sixInFlight()
    expect(finals).toEqual(GRANTS.map(() => 'succeeded'))
    expect(describes).toBe(GRANTS.length)
    expect(lists).toBeLessThanOrEqual(3)
  })

  it('asks one by one where asking for all is not allowed, or fails', async () => {
    const refuse = () => Promise.reject(new IdentityCenterError('throttled', 'List…Status', 'too many'))
    const [notAllowed, failing] = await Promise.all([
      sixInFlight({ listRequestsInProgress: async () => undefined }),
      sixInFlight({ listRequestsInProgress: refuse }),
    ])
    expect(notAllowed.finals).toEqual(GRANTS.map(() => 'succeeded'))
    expect(failing.finals).toEqual(GRANTS.map(() => 'succeeded'))
  })

  it('gives up with the reason when it is told to stop', async () => {
    const stop = new AbortController()
    const { identityCenter } = connectInMemory(createInMemoryAws({ accounts: [], permissionSets: [] }))
    const waiting = createPoller(identityCenter, stop.signal).wait('creation', 'request-1', 'revoke')
    stop.abort(new Error('stopped'))
    await expect(waiting).rejects.toThrow('stopped')
  })
})
