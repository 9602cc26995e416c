import {
  type AccessList,
  type ApprovalRule,
  type Bundle,
  type Document,
  documentOfApprovalRule,
  documentOfBundle,
  documentOfList,
  documentOfLock,
  documentOfRole,
  documentOfServiceProvider,
  documentOfUser,
  formatInstant,
  type Lock,
  type Role,
  type RuleResource,
  type ServiceProvider,
  type User,
  type View,
} from '@gatehouse/domain'
import { notFound } from './not-found.ts'

/** What is stored of each kind that is written as documents. Members are parts of their lists. */
export interface Records {
  readonly role: Role
  readonly user: User
  readonly access_list: AccessList
  readonly lock: Lock
  readonly saml_idp_service_provider: ServiceProvider
  readonly bundle: Bundle
  readonly approval_rule: ApprovalRule
}
export type RecordKind = keyof Records

type Kinds = {
  readonly [Kind in RecordKind]: {
    /** What people call it. */
    readonly called: string
    /** Only the spelling that it has will do. */
    readonly isExact?: true
    readonly all: (view: View) => readonly Records[Kind][]
    /** What only the server writes into its `spec`. */
    readonly stamp?: (record: Records[Kind]) => Readonly<Record<string, unknown>>
    /** As rules see it. Its name is the one that documents have. */
    readonly resource: (record: Records[Kind]) => RuleResource
    readonly document: (record: Records[Kind], view: View) => Document
  }
}

export const RECORD_KINDS: Kinds = {
  role: {
    called: 'role',
    isExact: true,
    all: ({ roles }) => roles,
    resource: (role) => role,
    document: documentOfRole,
  },
  user: {
    called: 'user',
    all: ({ users }) => users,
    resource: (user) => user,
    document: documentOfUser,
  },
  access_list: {
    called: 'access list',
    isExact: true,
    all: ({ lists }) => lists,
    resource: ({ id, labels }) => ({ name: id, labels }),
    document: documentOfList,
  },
  lock: {
    called: 'lock',
    isExact: true,
    all: ({ locks }) => locks,
    resource: ({ id }) => ({ name: id, labels: {} }),
    document: documentOfLock,
    stamp: ({ createdAt, createdBy }) => ({ created_at: formatInstant(createdAt), created_by: createdBy }),
  },
  saml_idp_service_provider: {
    called: 'service provider',
    all: ({ serviceProviders }) => serviceProviders,
    resource: (provider) => provider,
    document: documentOfServiceProvider,
  },
  bundle: {
    called: 'bundle',
    all: ({ bundles }) => bundles,
    resource: (bundle) => bundle,
    document: documentOfBundle,
  },
  approval_rule: {
    called: 'approval rule',
    all: ({ approvalRules }) => approvalRules,
    resource: (rule) => rule,
    document: documentOfApprovalRule,
  },
}

/** By the name as it is written. */
export function findRecord<Kind extends RecordKind>(kind: Kind, name: string, view: View): Records[Kind] | undefined {
  const { all, resource } = RECORD_KINDS[kind]
  return all(view).find((record) => resource(record).name === name)
}

/** By the name as somebody types it. @throws DomainError `not-found`, with what may have been meant */
export function getRecord<Kind extends RecordKind>(kind: Kind, name: string, view: View): Records[Kind] {
  const { called, isExact, all, resource } = RECORD_KINDS[kind]
  const wanted = name.toLowerCase()
  const nameOf = (record: Records[Kind]): string => resource(record).name
  const found =
    findRecord(kind, name, view) ??
    (isExact ? undefined : all(view).find((record) => nameOf(record).toLowerCase() === wanted))
  if (!found) throw notFound(called, name, all(view).map(nameOf))
  return found
}

/** What rules are asked about; a name alone where there is no record of it. */
export function resourceOf<Kind extends RecordKind>(kind: Kind, name: string, view: View): RuleResource {
  const found = findRecord(kind, name, view)
  return found ? RECORD_KINDS[kind].resource(found) : { name, labels: {} }
}
