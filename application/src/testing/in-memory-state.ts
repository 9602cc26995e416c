import type {
  AccessList,
  AccessRequest,
  Account,
  AccountId,
  AdoptedAssignment,
  ApprovalRule,
  AssignmentKey,
  AwsGroupId,
  AwsPrincipalKey,
  AwsUserId,
  Bundle,
  GrantKey,
  GroupLink,
  Instant,
  Lock,
  MembershipKey,
  ObservedUser,
  Organization,
  OrganizationId,
  PermissionSet,
  PermissionSetArn,
  RecordedAuditEvent,
  Remembered,
  RemovalKind,
  Role,
  ReviewDraft,
  ServiceProvider,
  User,
  UserLink,
} from '@gatehouse/domain'
import type { RecordedReview } from '../ports/access-list-reviews.ts'
import type { AccountsSeen, Finding, JournalEntry, Of } from '../ports/store.ts'

export interface State {
  version: number
  readonly events: RecordedAuditEvent[]
  readonly records: RecordState
  readonly mirrors: Map<OrganizationId, MirrorState>
}

export interface RecordState {
  readonly users: Map<string, User>
  readonly roles: Map<string, Role>
  readonly lists: Map<string, AccessList>
  readonly reviews: RecordedReview[]
  /** By list and reviewer. */
  readonly reviewDrafts: Map<string, ReviewDraft>
  readonly requests: Map<string, AccessRequest>
  readonly locks: Map<string, Lock>
  readonly serviceProviders: Map<string, ServiceProvider>
  readonly bundles: Map<string, Bundle>
  readonly approvalRules: Map<string, ApprovalRule>
  readonly organizations: Map<string, Organization>
  readonly userLinks: Map<string, UserLink & Of>
  readonly groupLinks: Map<string, GroupLink & Of>
  readonly adopted: Map<string, AdoptedAssignment & Of>
}

/** Mirror, memory and journal of one organization. */
export interface MirrorState {
  readonly accounts: Map<AccountId, Account>
  readonly adoptedAccounts: Set<AccountId>
  readonly permissionSets: Map<PermissionSetArn, PermissionSet>
  readonly users: Map<AwsUserId, ObservedUser>
  readonly groups: Map<AwsGroupId, { id: AwsGroupId; displayName: string; externalId?: string }>
  readonly members: Map<AwsGroupId, Set<AwsUserId>>
  readonly assignments: Map<AwsPrincipalKey, Set<GrantKey>>
  readonly assignmentsReadAt: Map<AwsPrincipalKey, Instant>
  sweptAt: Instant | undefined
  accountsSeen: AccountsSeen | undefined
  readonly findings: Map<string, Finding>
  readonly rememberedAssignments: Map<AssignmentKey, Remembered>
  readonly rememberedMembers: Map<MembershipKey, Remembered>
  roundSeq: number
  readonly removals: { readonly kind: RemovalKind; readonly at: Instant }[]
  readonly released: Set<string>
  readonly made: Set<AssignmentKey>
  readonly found: Set<AssignmentKey>
  clockFloor: Instant | undefined
  readonly journal: Map<string, JournalEntry>
  catalogueVersion: number
}

export const emptyState = (): State => ({
  version: 0,
  events: [],
  records: {
    users: new Map(),
    roles: new Map(),
    lists: new Map(),
    reviews: [],
    reviewDrafts: new Map(),
    requests: new Map(),
    locks: new Map(),
    serviceProviders: new Map(),
    bundles: new Map(),
    approvalRules: new Map(),
    organizations: new Map(),
    userLinks: new Map(),
    groupLinks: new Map(),
    adopted: new Map(),
  },
  mirrors: new Map(),
})

export function mirrorOf(state: State, organization: OrganizationId): MirrorState {
  const known = state.mirrors.get(organization)
  if (known) return known
  const fresh: MirrorState = {
    accounts: new Map(),
    adoptedAccounts: new Set(),
    permissionSets: new Map(),
    users: new Map(),
    groups: new Map(),
    members: new Map(),
    assignments: new Map(),
    assignmentsReadAt: new Map(),
    sweptAt: undefined,
    accountsSeen: undefined,
    findings: new Map(),
    rememberedAssignments: new Map(),
    rememberedMembers: new Map(),
    roundSeq: 0,
    removals: [],
    released: new Set(),
    made: new Set(),
    found: new Set(),
    clockFloor: undefined,
    journal: new Map(),
    catalogueVersion: 0,
  }
  state.mirrors.set(organization, fresh)
  return fresh
}
