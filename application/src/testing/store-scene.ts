import {
  type AccessList,
  assignmentKey,
  type AuditEvent,
  awsPrincipalKey,
  grantKey,
  membershipKey,
  type OrganizationId,
} from '@gatehouse/domain'
import {
  anOrganization,
  aUser,
  awsGroupId,
  awsUserId,
  PROD,
  READ_ONLY,
  SANDBOX,
  userId,
  anEvent,
} from '@gatehouse/domain/testing'
import type { AccessListReviews } from '../ports/access-list-reviews.ts'
import type { AuditLog } from '../ports/audit-log.ts'
import type { ReviewDrafts } from '../ports/review-drafts.ts'
import type { RecordChange, Store } from '../ports/store.ts'

/** An empty store, however it is kept. */
export interface StoreUnderTest {
  readonly store: Store
  readonly auditLog: AuditLog
  readonly reviews: AccessListReviews
  readonly drafts: ReviewDrafts
  /** Makes another process the leader and returns its fencing token. */
  readonly changeLeader: () => Promise<number>
}

export const ACME = anOrganization()
export const OTHER = anOrganization({
  id: 'other' as OrganizationId,
  name: 'other',
  instanceArn: 'arn:aws:sso:::instance/other',
})
export const GRANT = grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn })
export const OTHER_GRANT = grantKey({ account: SANDBOX.id, permissionSet: READ_ONLY.arn })
export const GROUP = awsGroupId('data')
export const GROUP_KEY = awsPrincipalKey({ type: 'GROUP', id: GROUP })
export const KEY = assignmentKey({ type: 'GROUP', id: GROUP }, GRANT)
export const OTHER_KEY = assignmentKey({ type: 'GROUP', id: GROUP }, OTHER_GRANT)
export const MEMBER_KEY = membershipKey(GROUP, awsUserId('ana'))
export const signal: AbortSignal = new AbortController().signal

export const putUser = (...names: string[]): RecordChange[] => names.map((name) => ({ put: 'user', user: aUser(name) }))
export const putList = (...lists: AccessList[]): RecordChange[] => lists.map((list) => ({ put: 'list', list }))
export const created = (name: string): AuditEvent =>
  anEvent('user.create', { user: 'admin', subjects: [`user:${userId(name)}`], fields: { name } })

export async function makeEnrolled(make: () => Promise<StoreUnderTest>): Promise<StoreUnderTest> {
  const made = await make()
  const records = [ACME, OTHER].map((organization) => ({ put: 'organization', organization }) as const)
  await made.store.commit({ records }, signal)
  return made
}
