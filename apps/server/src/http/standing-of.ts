import type { Records, StoredSession } from '@gatehouse/application'
import {
  type AccessRequestId,
  createCatalogue,
  createView,
  DEFAULT_REMOVAL_BUDGET,
  type EffectiveRoles,
  effectiveRoles,
  type Instant,
  type Organization,
  REVERT_ALL,
  type User,
  type View,
} from '@gatehouse/domain'

const views = new WeakMap<Records, View>()

/** The roles that count for a session now: the user's own, those of lists, and of requests it has assumed. */
export function rolesOf(
  { user, session }: { readonly user: User; readonly session: StoredSession },
  records: Records,
  now: Instant,
): EffectiveRoles {
  return effectiveRoles(user, viewOf(records), now, session.assumed as readonly AccessRequestId[])
}

/** Roles by name need no account or permission set, so this view has none; it serves before any organization is there. */
function viewOf(records: Records): View {
  const known = views.get(records)
  if (known) return known
  const view = createView({
    organization: records.organizations[0] ?? NO_ORGANIZATION,
    users: records.users,
    roles: records.roles,
    lists: records.lists,
    requests: records.requests,
    locks: records.locks,
    adopted: [],
    userLinks: [],
    groupLinks: [],
    catalogue: createCatalogue([], []),
    auditSeq: records.auditSeq,
  })
  views.set(records, view)
  return view
}

const NO_ORGANIZATION: Organization = {
  id: '' as Organization['id'],
  name: '',
  instanceArn: '',
  region: '',
  identityStoreId: '',
  managementAccount: '',
  mode: 'shadow',
  hybrid: false,
  credentials: { source: 'system', roleArn: '' },
  scimUrl: '',
  startUrl: '',
  portalUrl: '',
  defaultOwners: [],
  accountFilter: [],
  groupFilter: [],
  userFilter: [],
  driftPolicy: REVERT_ALL,
  removalBudget: DEFAULT_REMOVAL_BUDGET,
  createdAt: 0 as Organization['createdAt'],
  revision: 0,
}
