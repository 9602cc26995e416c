import type { AssignmentProgress } from '@gatehouse/api'
import type { JournalEntry, Reading } from '@gatehouse/application'
import {
  type AccessRequest,
  awsPrincipalKey,
  formatInstant,
  type GrantKey,
  grantKey,
  grantOfKey,
  grantsOfRole,
  type Instant,
  isInForce,
  type Operation,
  operationKey,
  stateAt,
  type UserLink,
} from '@gatehouse/domain'

const GIVES_NOTHING: ReadonlySet<string> = new Set(['denied', 'promoted', 'expired'])

/** What a request gives in AWS, and how far each account assignment has come: nothing is called granted that AWS has not confirmed. */
export function progressOf(
  request: AccessRequest,
  reading: Reading,
  journal: readonly JournalEntry[],
): readonly AssignmentProgress[] {
  const { view, mirror, now } = reading
  if (GIVES_NOTHING.has(stateAt(request, now))) return []
  const link = view.userLinks.find(({ user }) => user === request.user)
  const held = link && mirror?.observed.assignments.get(awsPrincipalKey({ type: 'USER', id: link.awsUser }))
  return grantsOf(request, reading).map((grant) => {
    const entry = journal.find(({ key }) => keysFor(request, grant).includes(key))
    const known = { isHeld: held?.has(grant) ?? false, link, entry, sweptAt: mirror?.sweptAt }
    return { ...namesOf(request, grant, reading), ...stateOf(request, grant, known, reading) }
  })
}

const grantsOf = (request: AccessRequest, { view }: Reading): readonly GrantKey[] =>
  request.resources.length > 0
    ? request.resources.map(grantKey)
    : [...new Set(request.roles.flatMap((reference) => [...grantsOfRole(reference, view)]))]

interface Known {
  readonly isHeld: boolean
  readonly link: UserLink | undefined
  readonly entry: JournalEntry | undefined
  readonly sweptAt: Instant | undefined
}

function stateOf(
  request: AccessRequest,
  grant: GrantKey,
  { isHeld, link, entry, sweptAt }: Known,
  { view, now }: Reading,
): Pick<AssignmentProgress, 'state' | 'at' | 'reason'> {
  if (request.state === 'pending') return { state: 'proposed' }
  const at = entry?.updatedAt ?? (isHeld ? sweptAt : undefined)
  const when = at === undefined ? {} : { at: formatInstant(at) }
  const reason = entry?.error === undefined ? {} : { reason: entry.error }
  if (request.state === 'approved' && request.expiresAt <= now)
    return isHeld ? { state: 'ending', ...when, ...reason } : { state: 'ended', ...when }
  if (isHeld) return { state: 'confirmed', ...when }
  if (!isInForce(request, now)) return { state: 'waiting', reason: 'The access has not begun.' }
  if (entry?.state === 'failed') return { state: 'failed', ...when, ...reason }
  if (entry) return { state: 'sent', ...when }
  const { account, permissionSet } = grantOfKey(grant)
  const isThere = view.catalogue.accounts.has(account) && view.catalogue.permissionSets.has(permissionSet)
  if (!isThere) return { state: 'waiting', reason: 'The account or the permission set is not there now.' }
  if (view.organization.mode === 'shadow')
    return { state: 'waiting', reason: 'Gatehouse does not write to AWS until an administrator starts it.' }
  return link ? { state: 'saved' } : { state: 'saved', reason: 'AWS does not know the user yet.' }
}

function namesOf(
  request: AccessRequest,
  grant: GrantKey,
  { view: { catalogue } }: Reading,
): Pick<AssignmentProgress, 'account' | 'accountName' | 'permissionSet' | 'permissionSetArn'> {
  const { account, permissionSet } = grantOfKey(grant)
  // As they were shown when the request was filed, where they are not there any more.
  const shown = request.resources.find((resource) => grantKey(resource) === grant)
  return {
    account,
    accountName: catalogue.accounts.get(account)?.name ?? shown?.accountName ?? account,
    permissionSet: catalogue.permissionSets.get(permissionSet)?.name ?? shown?.permissionSetName ?? permissionSet,
    permissionSetArn: permissionSet,
  }
}

/** The journal's names for giving and taking this assignment. */
function keysFor(request: AccessRequest, grant: GrantKey): readonly string[] {
  const principal = { type: 'USER', user: request.user, userName: '' } as const
  const operations: readonly Operation[] = [
    { kind: 'create-assignment', principal, grant, leases: [], lane: 'just-in-time' },
    { kind: 'delete-assignment', principal, grant, cause: { kind: 'foreign' }, lane: 'revoke' },
  ]
  return operations.map(operationKey)
}
