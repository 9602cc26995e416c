import type { AssignmentProgress } from '@gatehouse/api'
import { type EachHoldings, holdingsAt, type JournalEntry, type Reading } from '@gatehouse/application'
import {
  type AccessRequest,
  desiredForUser,
  formatInstant,
  type GrantKey,
  grantKey,
  grantOfKey,
  grantStates,
  type Instant,
  isInForce,
  isToBegin,
  type Operation,
  parseDuration,
  plus,
  offers,
  operationKey,
  stateAt,
  type UserLink,
  type View,
  viewOfGrant,
} from '@gatehouse/domain'
import type { Confirmations } from './read-confirmations.ts'

const GIVES_NOTHING: ReadonlySet<string> = new Set(['denied', 'promoted', 'expired'])

/** What a request gives in AWS, and how far each account assignment has come: nothing is called granted that AWS has not confirmed. */
export function progressOf(
  request: AccessRequest,
  reading: Reading,
  { journal, confirmations, holdings }: ProgressInput,
): readonly AssignmentProgress[] {
  const { view, now } = reading
  if (GIVES_NOTHING.has(stateAt(request, now))) return []
  const user = view.userById.get(request.user)
  const wantedIn = new Map(
    view.byOrganization.map((one) => [one, user && desiredForUser(user, one, now).assignments] as const),
  )
  // What was not approved gives nothing.
  const asked = [...grantStates(request, view)].filter(([, row]) => row !== 'denied')
  return asked.map(([grant, row]) => {
    const entry = journal.find(({ key }) => keysFor(request, grant).includes(key))
    const place = viewOfGrant(grantOfKey(grant), view)
    const link = place?.userLinkByUser.get(request.user)
    const held = holdingsAt(grant, holdings, view)
    const isHeld = held?.direct.has(grant) ?? false
    // What was asked for after the end of this access was given for another reason.
    const end = request.state === 'approved' ? request.expiresAt : now
    const given = confirmations.list('created', link?.awsUser, grant).find(({ at, sentAt = at }) => sentAt <= end)
    const taken = confirmations.list('deleted', link?.awsUser, grant)
    const takenAt = taken.findLast(({ at }) => at >= (given?.at ?? request.createdAt))?.at
    const known = {
      isReturned: row === 'returned',
      isHeld,
      isKept: (place && wantedIn.get(place)?.has(grant)) ?? false,
      isShadow: place?.organization.mode === 'shadow',
      link,
      entry,
      takenAt,
      givenAt: given?.at ?? held?.readAt,
    }
    const asked = entry?.state === 'sent' && entry.kind === 'create-assignment' ? entry.updatedAt : undefined
    return {
      ...namesOf(request, grant, reading),
      ...stateOf(request, grant, known, reading),
      ...timeOf('sentAt', given?.sentAt ?? asked),
      ...timeOf('confirmedAt', given?.at),
    }
  })
}

interface ProgressInput {
  readonly journal: readonly JournalEntry[]
  readonly confirmations: Confirmations
  /** Of the user who requested it, by organization. */
  readonly holdings: EachHoldings
}

interface Known {
  /** It was given back before its end. */
  readonly isReturned: boolean
  readonly isHeld: boolean
  /** Something that the user has now gives the same assignment. */
  readonly isKept: boolean
  /** Nothing is written to its AWS yet. */
  readonly isShadow: boolean
  readonly link: UserLink | undefined
  readonly entry: JournalEntry | undefined
  /** When AWS confirmed it, or else when it was last seen there. */
  readonly givenAt: Instant | undefined
  readonly takenAt: Instant | undefined
}

function stateOf(
  request: AccessRequest,
  grant: GrantKey,
  { isReturned, isHeld, isKept, isShadow, link, entry, givenAt, takenAt }: Known,
  { view, now }: Reading,
): Pick<AssignmentProgress, 'state' | 'at' | 'sessionsEndBy' | 'reason'> {
  if (request.state === 'pending') return { state: 'proposed' }
  const reason = entry?.error === undefined ? {} : { reason: entry.error }
  const asked = timeOf('at', entry?.updatedAt)
  const isOver = request.state === 'approved' && request.expiresAt <= now
  if (isReturned || isOver) {
    if (!isHeld) return { state: 'ended', ...timeOf('at', takenAt), ...credentialsAfter(takenAt, grant, view, now) }
    if (!isKept) return { state: 'ending', ...asked, ...reason }
    const endedAt = isOver ? timeOf('at', request.expiresAt) : {}
    return { state: 'ended', ...endedAt, reason: 'Other access of theirs keeps the assignment in AWS.' }
  }
  if (isHeld) return { state: 'confirmed', ...timeOf('at', givenAt) }
  if (!isInForce(request, now))
    return {
      state: 'waiting',
      reason: isToBegin(request, now)
        ? 'The access begins as soon as its permission sets have been read.'
        : 'The access has not begun.',
    }
  if (entry?.state === 'failed') return { state: 'failed', ...asked, ...reason }
  if (entry) return { state: 'sent', ...asked }
  if (!offers(view.catalogue, grantOfKey(grant)))
    return { state: 'waiting', reason: 'The account or the permission set is not there now.' }
  if (isShadow) return { state: 'waiting', reason: 'Gatehouse does not write to AWS until an administrator starts it.' }
  return link ? { state: 'saved' } : { state: 'saved', reason: 'AWS does not know the user yet.' }
}

/** AWS takes nothing back that it has issued (IAM Identity Center User Guide, "Set session duration for AWS accounts"). */
function credentialsAfter(takenAt: Instant | undefined, grant: GrantKey, view: View, now: Instant): Times {
  const set = view.catalogue.permissionSets.get(grantOfKey(grant).permissionSet)
  if (takenAt === undefined || !set) return {}
  const end = plus(takenAt, parseDuration(set.sessionDuration))
  return end > now ? timeOf('sessionsEndBy', end) : {}
}

type Times = Partial<Pick<AssignmentProgress, 'at' | 'sentAt' | 'confirmedAt' | 'sessionsEndBy'>>

const timeOf = (key: keyof Times, at: Instant | undefined): Times =>
  at === undefined ? {} : { [key]: formatInstant(at) }

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
