import type { Instant } from '../kernel/instant.ts'
import type { Labels } from '../kernel/names.ts'
import type { AccountFilterPart, NameFilter, RolesSyncMode } from '../organizations/organization.ts'

/** An enrolment that is not finished: what was given so far, and how its checks went. Any administrator goes on with it. */
export interface EnrolmentDraft {
  /** The organization's name, and its id in tokens, once it is enrolled. */
  readonly name: string
  readonly startedBy: string
  readonly startedAt: Instant
  readonly changedBy: string
  readonly changedAt: Instant
  readonly revision: number
  readonly given: EnrolmentGiven
  /** The token itself is kept with the other secrets. */
  readonly hasScimToken: boolean
  readonly checks: Readonly<Partial<Record<CheckedStep, EnrolmentCheck>>>
}

/** Where Identity Center's people come from before the change (IAM Identity Center User Guide, "Manage your identity source"). */
export type IdentitySource = 'identity-center' | 'active-directory' | 'external'

export interface EnrolmentGiven {
  readonly region?: string
  readonly instanceArn?: string
  readonly integration?: string
  /** Of the role that the script makes. */
  readonly roleName?: string
  readonly roleArn?: string
  readonly useSystemCredentials?: boolean
  readonly externalId?: string
  /** Ticked permissions beyond the guide's. */
  readonly extras?: readonly string[]
  readonly scopedToInstance?: boolean
  /** Names of users. */
  readonly defaultOwners?: readonly string[]
  readonly accountFilter?: readonly AccountFilterPart[]
  readonly groupFilter?: readonly NameFilter[]
  readonly userFilter?: readonly Labels[]
  readonly rolesSyncMode?: RolesSyncMode
  readonly hybrid?: boolean
  readonly identitySource?: IdentitySource
  readonly serviceProviderName?: string
  /** The XML that Identity Center's console gives out. */
  readonly serviceProviderMetadata?: string
  readonly scimUrl?: string
  /** Takes an address that does not look like one of AWS's. */
  readonly forceScimUrl?: boolean
  readonly startUrl?: string
  readonly portalUrl?: string
}

export type CheckedStep = 'aws' | 'scim'

/** How the last check of a step went, with what is given now. */
export interface EnrolmentCheck {
  readonly isOk: boolean
  readonly message: string
  readonly at: Instant
  readonly by: string
  /** What the check of the AWS side found the instance to have. */
  readonly identityStoreId?: string
}

/** `null` takes back what was given. */
export type EnrolmentChanges = { readonly [Field in keyof EnrolmentGiven]?: EnrolmentGiven[Field] | null | undefined }

const CHECKED: Readonly<Record<CheckedStep, readonly (keyof EnrolmentGiven)[]>> = {
  aws: ['region', 'instanceArn', 'integration', 'roleArn', 'useSystemCredentials', 'externalId', 'extras'],
  scim: ['scimUrl', 'forceScimUrl'],
}

export const startDraft = (name: string, by: string, now: Instant): EnrolmentDraft => ({
  name,
  startedBy: by,
  startedAt: now,
  changedBy: by,
  changedAt: now,
  revision: 1,
  given: {},
  hasScimToken: false,
  checks: {},
})

/**
 * What was checked with other values is open again. A token is for the address that it was given with, and for AWS's
 * addresses only unless somebody had said otherwise by then: another address has it forgotten.
 */
export function editDraft(
  draft: EnrolmentDraft,
  change: { readonly given: EnrolmentChanges; readonly hasScimToken?: boolean },
  { by, now }: { readonly by: string; readonly now: Instant },
): EnrolmentDraft {
  const changed = new Set(changedFields(draft, change.given))
  const isChanged = (field: keyof EnrolmentGiven): boolean => changed.has(field)
  const isOpenAgain = (step: CheckedStep): boolean =>
    CHECKED[step].some(isChanged) || (step === 'scim' && change.hasScimToken !== undefined)
  const isElsewhere = isChanged('scimUrl') || (isChanged('forceScimUrl') && change.given.forceScimUrl === true)
  const { aws, scim } = draft.checks
  return {
    ...draft,
    given: withChanges(draft.given, change.given),
    hasScimToken: change.hasScimToken ?? (draft.hasScimToken && !isElsewhere),
    checks: {
      ...(aws && !isOpenAgain('aws') ? { aws } : {}),
      ...(scim && !isOpenAgain('scim') ? { scim } : {}),
    },
    changedBy: by,
    changedAt: now,
    revision: draft.revision + 1,
  }
}

/** Fields that get another value. */
export function changedFields({ given }: EnrolmentDraft, changes: EnrolmentChanges): readonly (keyof EnrolmentGiven)[] {
  const isChanged = (field: keyof EnrolmentGiven): boolean => {
    const value = changes[field]
    return value !== undefined && JSON.stringify(value) !== JSON.stringify(given[field] ?? null)
  }
  // Keys of changes are fields of what is given.
  return (Object.keys(changes) as (keyof EnrolmentGiven)[]).filter(isChanged)
}

/** What is not mentioned stays; the fields are the same, so the type is. */
const withChanges = (given: EnrolmentGiven, changes: EnrolmentChanges): EnrolmentGiven =>
  Object.fromEntries(
    Object.entries({
      ...given,
      ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
    }).filter(([, value]) => value !== null),
  )

export const recordCheck = (draft: EnrolmentDraft, step: CheckedStep, check: EnrolmentCheck): EnrolmentDraft => ({
  ...draft,
  checks: { ...draft.checks, [step]: check },
  changedBy: check.by,
  changedAt: check.at,
  revision: draft.revision + 1,
})
