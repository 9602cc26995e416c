import type {
  AccessList,
  AccessListId,
  AccessRequest,
  AccountId,
  AdoptedAssignment,
  ApprovalRule,
  AssignmentKey,
  AuditEvent,
  AwsGroupId,
  AwsPrincipalKey,
  AwsUserId,
  Account,
  Bundle,
  GovernanceChange,
  GrantKey,
  GroupKey,
  GroupLink,
  Instant,
  Lock,
  Memory,
  MembershipKey,
  ObservedState,
  ObservedUser,
  Organization,
  OrganizationId,
  PermissionSet,
  PermissionSetArn,
  Remembered,
  RemovalKind,
  Thing,
  Role,
  ServiceProvider,
  Snapshot,
  User,
  UserId,
  UserLink,
} from '@gatehouse/domain'

/**
 * All durable state. Everything that belongs together is one commit: either all of it is on the disk, its audit events
 * included, or nothing is.
 */
export interface Store {
  /**
   * Governance records, whole. `version` grows with every commit that changes them. Records that have not changed since
   * a copy was read may be the very objects of that copy.
   */
  readRecords(signal: AbortSignal, since?: Records): Promise<Records>
  /** Cheap: says whether a copy of the records is still the latest. */
  recordsVersion(signal: AbortSignal): Promise<number>
  readCatalogue(organization: OrganizationId, signal: AbortSignal): Promise<ReadCatalogue>
  /** Cheap: says whether a copy of the catalogue is still the latest. */
  catalogueVersion(organization: OrganizationId, signal: AbortSignal): Promise<number>
  /** @param user as AWS knows him; absent when it does not */
  readHoldings(organization: OrganizationId, user: AwsUserId | undefined, signal: AbortSignal): Promise<Holdings>
  /** What some groups held, and some people by the names that AWS has for them (in lower case). */
  readHeld(
    organization: OrganizationId,
    asked: { readonly groups: readonly AwsGroupId[]; readonly userNames: readonly string[] },
    signal: AbortSignal,
  ): Promise<HeldInAws>
  /** What AWS had of these groups when it was last read. */
  readGroups(organization: OrganizationId, groups: readonly AwsGroupId[], signal: AbortSignal): Promise<ReadGroups>
  readMirror(organization: OrganizationId, signal: AbortSignal): Promise<Mirror>
  readMemory(organization: OrganizationId, signal: AbortSignal): Promise<StoredMemory>
  /** Operations that were begun and whose end is not recorded, and failed ones that wait for another try. */
  readJournal(organization: OrganizationId, signal: AbortSignal): Promise<readonly JournalEntry[]>
  /** @throws DomainError `stale` when `expecting` is not the present version, `conflict` when a name is taken. */
  commit(commit: Commit, signal: AbortSignal): Promise<{ version: number; auditSeq: number }>
}

export interface Records {
  readonly version: number
  readonly auditSeq: number
  readonly users: readonly User[]
  readonly roles: readonly Role[]
  readonly lists: readonly AccessList[]
  readonly requests: readonly AccessRequest[]
  readonly locks: readonly Lock[]
  readonly serviceProviders: readonly ServiceProvider[]
  readonly bundles: readonly Bundle[]
  readonly approvalRules: readonly ApprovalRule[]
  readonly organizations: readonly Organization[]
  readonly userLinks: readonly (UserLink & Of)[]
  readonly groupLinks: readonly (GroupLink & Of)[]
  readonly adopted: readonly (AdoptedAssignment & Of)[]
}

/** Which organization a record belongs to. */
export interface Of {
  readonly organization: OrganizationId
}

/** The part of the mirror that rules are asked against. */
export interface ReadCatalogue {
  /** Grows with every commit that changes accounts or permission sets. */
  readonly version: number
  readonly catalogue: Snapshot['catalogue']
}

export interface ReadGroups {
  /** When the last complete sweep ended; absent before the first. */
  readonly sweptAt?: Instant
  /** How many are in each; groups that AWS does not have are left out. */
  readonly memberCounts: ReadonlyMap<AwsGroupId, number>
}

/** What AWS held of one user when we looked. */
export interface Holdings {
  /** Whether AWS has been read whole once; what is missing may still be there before. */
  readonly isRead: boolean
  readonly direct: ReadonlySet<GrantKey>
  /** When his direct assignments were last read. */
  readonly readAt?: Instant
  readonly throughGroups: ReadonlySet<GrantKey>
}

/** What AWS held of several when we looked. */
export interface HeldInAws {
  /** Whether AWS has been read whole once. */
  readonly isRead: boolean
  /** Without those that AWS does not have. */
  readonly groups: ReadonlyMap<AwsGroupId, ReadonlySet<GrantKey>>
  /** Directly or through any group, by names in lower case; without those who hold nothing or are deactivated. */
  readonly users: ReadonlyMap<string, ReadonlySet<GrantKey>>
}

/** Observed state and catalogue as they are kept, with when each part was last read whole. */
export interface Mirror {
  readonly catalogue: Snapshot['catalogue']
  /** Accounts whose existing assignments were adopted; nothing is removed in others for not being ours. */
  readonly adoptedAccounts: ReadonlySet<AccountId>
  readonly observed: ObservedState
  /** When each principal's assignments were last read. */
  readonly assignmentsReadAt: ReadonlyMap<AwsPrincipalKey, Instant>
  /** When the last complete sweep ended; absent before the first. */
  readonly sweptAt: Instant | undefined
  /** Reads that were not believed, until a later one agrees with what we know or somebody releases them. */
  readonly findings: readonly Finding[]
  /** Absent before the first sweep. */
  readonly accountsSeen: AccountsSeen | undefined
}

/** Where accounts stand to the filter, as of the last sweep. */
export interface AccountsSeen {
  /** What AWS has and the filter keeps out. */
  readonly outside: readonly AccountId[]
  /** The last that came in or fell out. */
  readonly lastMoves?: AccountMoves
}

/** Accounts that came in or fell out between two sweeps. */
export interface AccountMoves {
  readonly at: Instant
  /** AWS had them before, and the filter lets them in now. */
  readonly letIn: NamedAccounts
  /** AWS still has them. */
  readonly keptOut: NamedAccounts
  readonly addedInAws: NamedAccounts
  readonly goneFromAws: NamedAccounts
}

export interface NamedAccounts {
  readonly count: number
  /** The first of them, with their ids. */
  readonly names: readonly string[]
}

export interface Finding {
  readonly id: string
  readonly kind: RemovalKind | 'account' | 'permission-set'
  readonly message: string
  readonly foundAt: Instant
  /** How much is gone by it: who releases it believes so much. Absent where there is nothing to believe. */
  readonly amount?: number
}

export interface StoredMemory extends Memory {
  /** Everything remembered was wanted at this position of the audit log. */
  readonly roundSeq: number
  /** Undecided removals done in the last 24 hours, with their times. */
  readonly removals: readonly { readonly kind: RemovalKind; readonly at: Instant }[]
  /** Keys of held operations that somebody has released. */
  readonly released: ReadonlySet<string>
  /** Assignments that a write of ours has made, and that AWS was not seen to have lost since. */
  readonly made: ReadonlySet<AssignmentKey>
  /** Assignments that are wanted, and that AWS held without a write of ours before it was seen to have lost them. */
  readonly found: ReadonlySet<AssignmentKey>
  /** The latest instant that was acted on: `now` never goes back behind it. */
  readonly clockFloor: Instant | undefined
}

/** One write to AWS, from the intent until its end is known. */
export interface JournalEntry {
  readonly id: string
  /** `operationKey` of the operation. */
  readonly key: string
  readonly kind: string
  /** `failed` is known to have changed nothing; of an `unknown` one AWS may have done all, or may yet. */
  readonly state: 'intended' | 'sent' | 'failed' | 'unknown'
  /** What is needed to go on after a restart: the operation, as JSON. */
  readonly payload: unknown
  readonly things: readonly Thing[]
  /** AWS's id of an asynchronous request, once it is known. */
  readonly requestId?: string
  readonly attempts: number
  readonly notBefore?: Instant
  readonly error?: string
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

export interface Commit {
  /** The version that the decision was made on. Absent: the change does not depend on records. */
  readonly expecting?: number
  readonly records?: readonly RecordChange[]
  readonly organization?: OrganizationId
  readonly mirror?: readonly MirrorChange[]
  readonly memory?: readonly MemoryChange[]
  readonly journal?: readonly JournalChange[]
  readonly events?: readonly AuditEvent[]
  /** The holder's fencing token; the commit is refused when somebody else leads by now. */
  readonly fence?: number
}

/** Deleting a user takes it out of every list; its links stay, marked. */
export type RecordChange =
  | GovernanceChange
  /** A token is kept sealed, and never read back with the records. */
  | { readonly put: 'organization'; readonly organization: Organization; readonly scimToken?: string }
  /**
   * With its links, adopted assignments, mirror, memory, journal, token and enrolment. Lists and roles are records of their own.
   * `conflict` while a write to AWS is under way, and while something is remembered that has an end or is being taken
   * away, unless its key is among `released`.
   */
  | {
      readonly delete: 'organization'
      readonly id: OrganizationId
      readonly released: readonly string[]
      /** Where what we made goes as well: the keys of all that was looked at. `conflict` for what was made since. */
      readonly settled?: readonly string[]
    }
  | { readonly put: 'user-link'; readonly link: UserLink & Of }
  | { readonly delete: 'user-link'; readonly organization: OrganizationId; readonly user: UserId }
  | { readonly delete: 'group-link'; readonly organization: OrganizationId; readonly group: GroupKey }
  | { readonly put: 'adopted'; readonly adopted: AdoptedAssignment & Of }
  /** Of a review that is filed. Drafts for another date than the list's go with every change of the list. */
  | { readonly delete: 'review-draft'; readonly list: AccessListId; readonly reviewer: UserId }

export type MirrorChange =
  | { readonly put: 'account'; readonly account: Account }
  | { readonly delete: 'account'; readonly id: AccountId }
  | { readonly put: 'adopted-account'; readonly id: AccountId }
  | { readonly put: 'permission-set'; readonly permissionSet: PermissionSet }
  | { readonly delete: 'permission-set'; readonly arn: PermissionSetArn }
  | { readonly put: 'user'; readonly user: ObservedUser }
  | { readonly delete: 'user'; readonly id: AwsUserId }
  | {
      readonly put: 'group'
      readonly group: { readonly id: AwsGroupId; readonly displayName: string; readonly externalId?: string }
    }
  | { readonly delete: 'group'; readonly id: AwsGroupId }
  | { readonly put: 'member'; readonly group: AwsGroupId; readonly user: AwsUserId }
  | { readonly delete: 'member'; readonly group: AwsGroupId; readonly user: AwsUserId }
  | { readonly put: 'assignment'; readonly principal: AwsPrincipalKey; readonly grant: GrantKey }
  | { readonly delete: 'assignment'; readonly principal: AwsPrincipalKey; readonly grant: GrantKey }
  /** The principal's assignments were read whole at this instant. */
  | { readonly put: 'assignments-read'; readonly principal: AwsPrincipalKey; readonly at: Instant }
  | { readonly put: 'swept'; readonly at: Instant }
  | { readonly put: 'accounts-seen'; readonly seen: AccountsSeen }
  | { readonly put: 'finding'; readonly finding: Finding }
  | { readonly delete: 'finding'; readonly id: string }

export type MemoryChange =
  | { readonly put: 'assignment'; readonly key: AssignmentKey; readonly remembered: Remembered }
  | { readonly delete: 'assignment'; readonly key: AssignmentKey }
  | { readonly put: 'member'; readonly key: MembershipKey; readonly remembered: Remembered }
  | { readonly delete: 'member'; readonly key: MembershipKey }
  | { readonly put: 'round'; readonly seq: number }
  | { readonly put: 'removal'; readonly kind: RemovalKind; readonly at: Instant }
  | { readonly put: 'released'; readonly key: string }
  | { readonly delete: 'released'; readonly key: string }
  | { readonly put: 'made'; readonly key: AssignmentKey }
  | { readonly delete: 'made'; readonly key: AssignmentKey }
  | { readonly put: 'found'; readonly key: AssignmentKey }
  | { readonly delete: 'found'; readonly key: AssignmentKey }
  /** Only ever moves forward. */
  | { readonly put: 'clock-floor'; readonly at: Instant }

export type JournalChange =
  | { readonly put: 'entry'; readonly entry: JournalEntry }
  | { readonly delete: 'entry'; readonly id: string }
