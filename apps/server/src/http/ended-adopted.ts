import type { EndedAssignmentView } from '@gatehouse/api'
import type { AuditLog, EngineStatus, OrganizationEngine } from '@gatehouse/application'
import {
  adoptedKey,
  assignmentOperationKey,
  awsPrincipalKey,
  days,
  desiredForUser,
  formatInstant,
  type GrantKey,
  grantKey,
  grantOfKey,
  type Instant,
  minus,
  offers,
  type OrganizationId,
  type OrganizationView,
  parseAccountId,
  parseInstant,
  type PermissionSetArn,
  type RecordedAuditEvent,
  type UserId,
  waysBeside,
  whyLater,
} from '@gatehouse/domain'
import { z } from 'zod'
import { createEventTail } from './event-tail.ts'

/** So long it is shown what became of one. */
const SHOWN_FOR = days(1)

const placesSchema = z.array(z.object({ account_id: z.string(), permission_set_arn: z.string() }))
const endedSchema = z.object({ organization: z.string(), name: z.string(), ended: placesSchema })
const deletedSchema = z.object({
  success: z.literal(true),
  sent_at: z.string().optional(),
  principal_assignments: placesSchema,
})

interface Known {
  readonly view: OrganizationView
  readonly engine: Pick<OrganizationEngine, 'status' | 'observed'>
  readonly now: Instant
}

interface Ended {
  readonly organization: string
  readonly user: UserId
  readonly userName: string
  readonly grant: GrantKey
  readonly at: Instant
  readonly by: string
}

/** AWS has let go of an assignment of a person. */
interface Deleted {
  readonly key: string
  readonly at: Instant
  /** When AWS took the request. */
  readonly sentAt?: Instant
}

export interface EndedRows {
  /** The latest first. */
  readonly rows: readonly Ended[]
  readonly present: (row: Ended) => EndedAssignmentView
}

/** Reads what was ended lately, and how far AWS is with it: nothing is called gone that AWS may still hold. */
export function createEndedReader({
  auditLog,
}: {
  readonly auditLog: Pick<AuditLog, 'list'>
}): (known: Known, signal: AbortSignal) => Promise<EndedRows> {
  const readEnds = createEventTail(auditLog, { event: 'adopted_assignment.end' }, endedBy)
  const tails = new Map<OrganizationId, ReturnType<typeof createDeletions>>()
  const deletionsOf = (id: OrganizationId) => {
    const tail = tails.get(id) ?? createDeletions(auditLog, id)
    tails.set(id, tail)
    return tail
  }
  return async (known, signal) => {
    const { organization, adopted } = known.view
    const ends = await readEnds(minus(known.now, SHOWN_FOR), signal)
    const own = ends.filter((one) => one.organization === organization.id)
    const [oldest] = own
    const seen = new Set(adopted.map(adoptedKey)) // taken over again since
    const rows = own.toReversed().filter((one) => seen.size < seen.add(adoptedKey(one)).size)
    const deletions = oldest ? await deletionsOf(organization.id)(oldest.at, signal) : []
    const progressOf = createProgress(known, new Map(deletions.map((one) => [one.key, one])))
    return { rows, present: (row) => ({ key: adoptedKey(row), ...namesOf(row, known.view), ...progressOf(row) }) }
  }
}

/** By our own id of the person: it stays when the link to AWS goes. */
const createDeletions = (auditLog: Pick<AuditLog, 'list'>, organization: OrganizationId) =>
  createEventTail(
    auditLog,
    { event: 'aws_identity_center.account_assignment.deleted', subject: `organization:${organization}` },
    ({ time: at, subjects, fields }): readonly Deleted[] => {
      const parsed = deletedSchema.safeParse(fields)
      const user = userOf(subjects)
      if (!parsed.success || user === undefined) return []
      const { sent_at: sentAt, principal_assignments: places } = parsed.data
      const times = { at, ...(sentAt === undefined ? {} : { sentAt: parseInstant(sentAt) }) }
      return places.map((place) => ({ key: adoptedKey({ user, grant: grantAt(place) }), ...times }))
    },
  )

function endedBy({ time: at, user: by = 'system', subjects, fields }: RecordedAuditEvent): readonly Ended[] {
  const parsed = endedSchema.safeParse(fields)
  const user = userOf(subjects)
  if (!parsed.success || user === undefined) return []
  const { organization, name: userName, ended } = parsed.data
  return ended.map((place) => ({ organization, user, userName, grant: grantAt(place), at, by }))
}

function userOf(subjects: RecordedAuditEvent['subjects']): UserId | undefined {
  const subject = subjects.find((one) => one.startsWith('user:'))
  return subject?.slice('user:'.length) as UserId | undefined // what follows is its id
}

/** As the record named them when it was ended. */
const grantAt = ({ account_id: account, permission_set_arn: arn }: z.infer<typeof placesSchema>[number]): GrantKey =>
  grantKey({ account: parseAccountId(account), permissionSet: arn as PermissionSetArn })

function namesOf({ user, userName, grant, at, by }: Ended, { userById, catalogue }: OrganizationView) {
  const { account, permissionSet } = grantOfKey(grant)
  return {
    user: userById.get(user)?.name ?? userName,
    account,
    accountName: catalogue.accounts.get(account)?.name ?? account,
    permissionSet,
    permissionSetName: catalogue.permissionSets.get(permissionSet)?.name ?? permissionSet,
    endedAt: formatInstant(at),
    endedBy: by,
  }
}

type Progress = Pick<EndedAssignmentView, 'state' | 'sentAt' | 'confirmedAt' | 'reason'>

function createProgress(
  { view, engine, now }: Known,
  deletions: ReadonlyMap<string, Deleted>,
): (ended: Ended) => Progress {
  const observed = engine.observed()
  const status = engine.status()
  const writes = writesOf(status)
  const desired = new Map<UserId, ReturnType<typeof desiredForUser> | undefined>()
  const desiredOf = (id: UserId) => {
    const user = view.userById.get(id)
    if (!desired.has(id)) desired.set(id, user && desiredForUser(user, view, now))
    return desired.get(id)
  }
  return (ended) => {
    const { user, grant, at } = ended
    const awsUser = view.userLinkByUser.get(user)?.awsUser
    const held = awsUser && observed.assignments.get(awsPrincipalKey({ type: 'USER', id: awsUser }))
    if (!held?.has(grant)) {
      const deleted = deletions.get(adoptedKey(ended))
      if (deleted && deleted.at >= at) return { state: 'confirmed', ...timesOf(deleted) }
      if (!awsUser) return { state: 'saved', reason: 'Gatehouse does not know the person in AWS any more.' }
      const isReadSince = held !== undefined && (status.oldestVisitAt ?? at) > at
      if (isReadSince) return { state: 'confirmed' }
      return { state: 'saved', reason: 'AWS was not seen to hold it, and has not been read whole since.' }
    }
    const leases = desiredOf(user)?.assignments.get(grant)
    if (leases) return { state: 'stays', reason: waysBeside(leases, view).join('; ') }
    if (!offers(view.catalogue, grantOfKey(grant)))
      return { state: 'stays', reason: 'The account or the permission set is not managed now.' }
    if (view.organization.mode === 'shadow')
      return { state: 'saved', reason: 'Gatehouse does not write to AWS until an administrator starts it.' }
    const [reason] = whyLater(grant, view)
    if (reason !== undefined) return { state: 'saved', reason }
    return writes.get(assignmentOperationKey('delete-assignment', `user:${user}`, grant)) ?? { state: 'saved' }
  }
}

/** What is on its way to AWS now, and what AWS refused, by the keys of operations. */
function writesOf({ running, waiting }: EngineStatus): ReadonlyMap<string, Progress> {
  return new Map<string, Progress>([
    ...waiting.map(({ key, error }): [string, Progress] => [
      key,
      { state: 'failed', ...(error === undefined ? {} : { reason: error }) },
    ]),
    ...running.map(({ key, state, since }): [string, Progress] => [
      key,
      state === 'sent' ? { state: 'sent', sentAt: formatInstant(since) } : { state: 'saved' },
    ]),
  ])
}

const timesOf = ({ at, sentAt }: Deleted): Pick<Progress, 'sentAt' | 'confirmedAt'> => ({
  ...(sentAt === undefined ? {} : { sentAt: formatInstant(sentAt) }),
  confirmedAt: formatInstant(at),
})
