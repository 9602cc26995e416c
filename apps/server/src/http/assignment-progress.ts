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
import type { Confirmations } from './read-confirmations.ts'

const GIVES_NOTHING: ReadonlySet<string> = new Set(['denied', 'promoted', 'expired'])

/** What a request gives in AWS, and how far each account assignment has come: nothing is called granted that AWS has not confirmed. */
export function progressOf(
  request: AccessRequest,
  reading: Reading,
  { journal, confirmations }: { readonly journal: readonly JournalEntry[]; readonly confirmations: Confirmations },
): readonly AssignmentProgress[] {
  const { view, mirror, now } = reading
  if (GIVES_NOTHING.has(stateAt(request, now))) return []
  const link = view.userLinks.find(({ user }) => user === request.user)
  const principal = link && awsPrincipalKey({ type: 'USER', id: link.awsUser })
  const held = principal && mirror?.observed.assignments.get(principal)
  return grantsOf(request, reading).map((grant) => {
    const entry = journal.find(({ key }) => keysFor(request, grant).includes(key))
    const known = {
      isHeld: held?.has(grant) ?? false,
      link,
      entry,
      givenAt:
        confirmations.at('created', link?.awsUser, grant) ?? (principal && mirror?.assignmentsReadAt.get(principal)),
      takenAt: confirmations.at('deleted', link?.awsUser, grant),
    }
    return { ...namesOf(request, grant, reading), ...stateOf(request, grant, known, reading) }
  })
}

const grantsOf = (request: AccessRequest, { view }: Reading): readonly GrantKey[] =>
  request.resources.length > 0
    ? request.resources.map(grantKey)
    : [
        ...new Set(
          request.roles.flatMap((reference) => [
            ...grantsOfRole(reference, view, view.userById.get(request.user)?.traits ?? {}),
          ]),
        ),
      ]

interface Known {
  readonly isHeld: boolean
  readonly link: UserLink | undefined
  readonly entry: JournalEntry | undefined
  /** When AWS confirmed it, or else when it was last seen there. */
  readonly givenAt: Instant | undefined
  readonly takenAt: Instant | undefined
}

function stateOf(
  request: AccessRequest,
  grant: GrantKey,
  { isHeld, link, entry, givenAt, takenAt }: Known,
  { view, now }: Reading,
): Pick<AssignmentProgress, 'state' | 'at' | 'reason'> {
  if (request.state === 'pending') return { state: 'proposed' }
  const reason = entry?.error === undefined ? {} : { reason: entry.error }
  const asked = timeOf(entry?.updatedAt)
  if (request.state === 'approved' && request.expiresAt <= now)
    return isHeld ? { state: 'ending', ...asked, ...reason } : { state: 'ended', ...timeOf(takenAt) }
  if (isHeld) return { state: 'confirmed', ...timeOf(givenAt) }
  if (!isInForce(request, now)) return { state: 'waiting', reason: 'The access has not begun.' }
  if (entry?.state === 'failed') return { state: 'failed', ...asked, ...reason }
  if (entry) return { state: 'sent', ...asked }
  const { account, permissionSet } = grantOfKey(grant)
  const isThere = view.catalogue.accounts.has(account) && view.catalogue.permissionSets.has(permissionSet)
  if (!isThere) return { state: 'waiting', reason: 'The account or the permission set is not there now.' }
  if (view.organization.mode === 'shadow')
    return { state: 'waiting', reason: 'Gatehouse does not write to AWS until an administrator starts it.' }
  return link ? { state: 'saved' } : { state: 'saved', reason: 'AWS does not know the user yet.' }
}

const timeOf = (at: Instant | undefined): { at?: string } => (at === undefined ? {} : { at: formatInstant(at) })

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
