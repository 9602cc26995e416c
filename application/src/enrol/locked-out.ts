import {
  denialOfSignIn,
  DomainError,
  effectiveRoles,
  explain,
  type Instant,
  type ObservedUser,
  suggest,
  type User,
} from '@gatehouse/domain'
import { type Actor, actingAs, demand } from '../governance/actor.ts'
import { type Reading, readView } from '../governance/read-view.ts'
import { inParallel } from '../reconcile/in-parallel.ts'
import { createPasswordLink } from '../sign-in/password-link.ts'
import { addUser } from '../users/add-user.ts'
import type { EnrolmentPorts } from './enrolment-ports.ts'
import type { Preview, Previews } from './previews.ts'
import { open } from './read-preview.ts'

/** Somebody whom Identity Center lets in today, and who could not sign in here. */
export interface LockedOut {
  readonly user: ObservedUser
  /** Of that name, where there is one. */
  readonly ours: User | undefined
  readonly reason: 'no-user' | 'locked' | 'no-access' | 'no-password'
  readonly message: string
}

type Ports = Pick<EnrolmentPorts, 'store' | 'records' | 'clock' | 'ids' | 'enrolments' | 'credentials'> & {
  readonly previews: Previews
}
interface Query {
  readonly actor: Actor
  readonly name: string
  readonly refresh?: boolean
}

/** In the order of names; people who are inactive in AWS are left out. @throws DomainError, IdentityCenterError */
export async function findLockedOut(
  ports: Ports,
  query: Query,
  signal: AbortSignal,
): Promise<{ readonly lockedOut: readonly LockedOut[]; readonly users: number; readonly preview: Preview }> {
  const { preview, call } = await open(ports, query, signal)
  const users = (await preview.users(call)).filter(({ active }) => active !== false)
  const reading = await readView(ports, signal)
  const ours = new Map(reading.view.users.map((user) => [user.name.toLowerCase(), user]))
  const judged = await inParallel(users, async (user) => {
    const known = ours.get(user.userName.toLowerCase())
    const why = known ? await whyNot(ports, known, reading, signal) : NO_USER
    return why ? [{ user, ours: known, ...why }] : []
  })
  return { lockedOut: judged.flat(), users: users.length, preview }
}

type Why = Pick<LockedOut, 'reason' | 'message'>
const NO_USER: Why = { reason: 'no-user', message: 'There is no user of this name here.' }

async function whyNot(
  { credentials }: Ports,
  user: User,
  { view, now }: Reading,
  signal: AbortSignal,
): Promise<Why | undefined> {
  if (view.isLocked({ kind: 'user', user: user.id }, now))
    return { reason: 'locked', message: 'The user is locked here.' }
  if (!(await credentials.findPassword(user.id, signal)))
    return { reason: 'no-password', message: 'The user has not set a password yet.' }
  const denial = denialOfSignIn(effectiveRoles(user, view, now, { assumed: [] }))
  return denial && { reason: 'no-access', message: denial.message }
}

export interface InvitedUser {
  readonly user: string
  readonly isNew: boolean
  readonly token: string
  readonly expiresAt: Instant
}
export interface Invitations {
  readonly invited: readonly InvitedUser[]
  /** Whom a link would not help, or who could not be made a user. */
  readonly failed: readonly { readonly user: string; readonly message: string }[]
  /** How many are left for another call. */
  readonly remaining: number
  /** Whom this call came to last, where some are left: the next one goes on after him. */
  readonly next: string | undefined
}

export interface InviteCommand extends Query {
  /** Names as AWS has them, or everybody whom a link would help, in the order of the names and from one of them on. */
  readonly users: readonly string[] | { readonly after: string | undefined }
  /** For users who are made. */
  readonly roles: readonly string[]
}

/** One answer stays readable, and one call does not run for minutes. */
const MOST_AT_ONCE = 200

/**
 * Makes one-time links, and first the users whom there are none of yet. What fails for one of them is said of that one:
 * the links of the others are given out once, and only here. @throws DomainError `refused` when nothing of it is allowed
 */
export async function inviteLockedOut(ports: Ports, command: InviteCommand, signal: AbortSignal): Promise<Invitations> {
  const { lockedOut } = await findLockedOut(ports, command, signal)
  const { actor, roles, users } = command
  const wanted = 'after' in users ? helpedAfter(users.after, lockedOut) : users.map((name) => named(name, lockedOut))
  const now = wanted.slice(0, MOST_AT_ONCE)
  const invited: InvitedUser[] = []
  const failed: { user: string; message: string }[] = []
  let refused: DomainError | undefined
  for (const { user, ours, reason, message } of now) {
    if (reason !== 'no-user' && reason !== 'no-password') {
      failed.push({ user: user.userName, message })
      continue
    }
    try {
      invited.push(await invite(ports, { actor, roles, user, ours }, signal))
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      if (error.problem.code === 'refused') refused ??= error
      failed.push({ user: user.userName, message: explain(error.problem).message })
    }
  }
  if (refused && invited.length === 0) throw refused
  const remaining = wanted.length - now.length
  return { invited, failed, remaining, next: remaining > 0 ? now.at(-1)?.user.userName : undefined }
}

/** Whoever was given a link is still among them until he uses it, so a further call goes on by name. */
function helpedAfter(after: string | undefined, lockedOut: readonly LockedOut[]): readonly LockedOut[] {
  const nameOf = ({ user }: LockedOut): string => user.userName.toLowerCase()
  return lockedOut
    .filter(({ reason }) => reason === 'no-user' || reason === 'no-password')
    .filter((one) => after === undefined || nameOf(one) > after.toLowerCase())
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

function named(name: string, lockedOut: readonly LockedOut[]): LockedOut {
  const found = lockedOut.find(({ user }) => user.userName.toLowerCase() === name.toLowerCase())
  if (found) return found
  const suggestion = suggest(
    name,
    lockedOut.map(({ user }) => user.userName),
  )
  throw new DomainError({
    code: 'not-found',
    kind: 'person who needs a link',
    name,
    field: 'users',
    remedy: 'Write the name as Identity Center has it. Whoever can sign in here already needs none.',
    ...(suggestion === undefined ? {} : { suggestion }),
  })
}

async function invite(
  ports: Ports,
  who: {
    readonly actor: Actor
    readonly roles: readonly string[]
    readonly user: ObservedUser
    readonly ours: User | undefined
  },
  signal: AbortSignal,
): Promise<InvitedUser> {
  const { actor, roles, ours } = who
  const user = ours ?? (await addUser(ports, { actor, name: who.user.userName, roles }, signal)).user
  const by = await inviter(ports, actor, ours, signal)
  const { token, expiresAt } = await createPasswordLink(ports, { user: user.name, by }, signal)
  return { user: user.name, isNew: ours === undefined, token, expiresAt }
}

/** Who may change the user may give him a link. @throws DomainError `refused` */
async function inviter(ports: Ports, actor: Actor, ours: User | undefined, signal: AbortSignal): Promise<string> {
  const reading = await readView(ports, signal)
  const acting = actingAs(actor, reading)
  if (ours) demand(acting, 'update', 'user', ours)
  return acting.name
}
