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
  type OrganizationView,
  parseAccountId,
  type PermissionSetArn,
  type RecordedAuditEvent,
  type UserId,
  waysBeside,
  whyLater,
} from '@gatehouse/domain'
import { z } from 'zod'
import { type Confirmations, readConfirmations } from './read-confirmations.ts'

/** So long it is shown what became of one. */
const SHOWN_FOR = days(1)
/** Events, each of one person. */
const MOST_READ = 2_000

const fieldsSchema = z.object({
  organization: z.string(),
  name: z.string(),
  ended: z.array(z.object({ account_id: z.string(), permission_set_arn: z.string() })),
})

interface Known {
  readonly view: OrganizationView
  readonly engine: Pick<OrganizationEngine, 'status' | 'observed'>
  readonly now: Instant
}

interface Ended {
  readonly user: UserId
  readonly userName: string
  readonly grant: GrantKey
  readonly at: Instant
  readonly by: string
}

/** What was ended lately, the latest first, and how far AWS is with it: nothing is called gone that AWS still holds. */
export async function readEnded(
  { auditLog }: { readonly auditLog: Pick<AuditLog, 'list'> },
  known: Known,
  signal: AbortSignal,
): Promise<EndedAssignmentView[]> {
  const from = minus(known.now, SHOWN_FOR)
  const events = await auditLog.list({ event: 'adopted_assignment.end', from, limit: MOST_READ }, signal)
  const ended = events.flatMap((event) => endedBy(event, known.view))
  const [oldest] = ended.slice(-1)
  if (!oldest) return []
  const confirmations = await readConfirmations(auditLog, oldest.at, signal)
  const seen = new Set(known.view.adopted.map(adoptedKey)) // taken over again since
  const progressOf = createProgress(known, confirmations)
  return ended.flatMap((one) => {
    const key = adoptedKey(one)
    if (seen.has(key)) return []
    seen.add(key)
    return [{ key, ...namesOf(one, known.view), ...progressOf(one) }]
  })
}

function endedBy(event: RecordedAuditEvent, { organization }: OrganizationView): readonly Ended[] {
  const parsed = fieldsSchema.safeParse(event.fields)
  const subject = event.subjects.find((one) => one.startsWith('user:'))
  if (!parsed.success || !subject || parsed.data.organization !== organization.id) return []
  const user = subject.slice('user:'.length) as UserId // what follows is its id
  return parsed.data.ended.map(({ account_id: account, permission_set_arn: arn }) => ({
    user,
    userName: parsed.data.name,
    // As the record named them when it was ended.
    grant: grantKey({ account: parseAccountId(account), permissionSet: arn as PermissionSetArn }),
    at: event.time,
    by: event.user ?? 'system',
  }))
}

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

function createProgress({ view, engine, now }: Known, confirmations: Confirmations): (ended: Ended) => Progress {
  const observed = engine.observed()
  const writes = writesOf(engine.status())
  const desired = new Map<UserId, ReturnType<typeof desiredForUser> | undefined>()
  const desiredOf = (id: UserId) => {
    const user = view.userById.get(id)
    if (!desired.has(id)) desired.set(id, user && desiredForUser(user, view, now))
    return desired.get(id)
  }
  return ({ user, grant, at }) => {
    const awsUser = view.userLinkByUser.get(user)?.awsUser
    const held = awsUser && observed.assignments.get(awsPrincipalKey({ type: 'USER', id: awsUser }))?.has(grant)
    if (!held) {
      const confirmed = confirmations.list('deleted', awsUser, grant).find((one) => one.at >= at)
      return { state: 'confirmed', ...timesOf(confirmed) }
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

const timesOf = (
  confirmed: ReturnType<Confirmations['list']>[number] | undefined,
): Pick<Progress, 'sentAt' | 'confirmedAt'> => ({
  ...(confirmed?.sentAt === undefined ? {} : { sentAt: formatInstant(confirmed.sentAt) }),
  ...(confirmed === undefined ? {} : { confirmedAt: formatInstant(confirmed.at) }),
})
