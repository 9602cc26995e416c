import type { OrganizationView, View } from '../desired-state/view.ts'
import { grantKey } from '../identity-center/account-assignment.ts'
import { type Duration, hours, type Instant, milliseconds, plus } from '../kernel/instant.ts'
import type { AccessListId, AccessRequestId, RoleName } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import { type EffectiveRoles, effectiveRoles, isRoleLocked } from '../roles/effective-roles.ts'
import { matches } from '../kernel/pattern.ts'
import { canonicalName, isKnown, referTo, unknownRole } from '../roles/role-names.ts'
import type { Role, RoleConditions, RoleReference } from '../roles/role.ts'
import { setsIn } from '../identity-center/catalogue.ts'
import { systemRoleName } from '../identity-center/system-roles.ts'
import type { User } from '../users/user.ts'
import { type AccessRequest, isRoleRequest } from './access-request.ts'
import { grantsOfRole } from '../roles/grants-of-role.ts'
import { mayEnd, mayRequestRole } from './requestable.ts'
import { systemAnnotations } from './annotations.ts'
import { thresholdsFor } from './thresholds.ts'
import { expandWish } from './expand-wish.ts'
import { refuseDenied, rolesForThings, thingsMissing } from './reach-things.ts'
import { longTermOf } from './long-term.ts'
import { obstacleToGrants } from './obstacle-to.ts'
import { settle } from './settle.ts'
import { suggestedReviewers } from './suggested-reviewers.ts'
import { refuseTooMany } from './too-many-requests.ts'
import { checkStartTime, MAX_PENDING, MAX_REASON_LENGTH, MAX_REQUEST_DURATION, MAX_REQUESTED } from './limits.ts'
import { applyRules } from '../approval-rules/apply-rules.ts'

const DEFAULT_DURATION: Duration = hours(8)

/** What somebody asks for. Nothing in here decides: who reviews, how long and what exactly is worked out from the roles. */
export interface RequestWish {
  /** `*` means every role that may be asked for. */
  readonly roles: readonly string[]
  readonly resourceIds: readonly string[]
  readonly reason: string
  readonly suggestedReviewers: readonly string[]
  readonly duration?: Duration
  /** How long it may wait for a decision. */
  readonly pendingFor?: Duration
  readonly assumeStartTime?: Instant
  readonly cluster?: string
  /** Each stands for the account assignments that it holds now. */
  readonly bundles?: readonly string[]
  /** Asks to become a member of a list that gives it, instead of access that ends. */
  readonly longTerm?: boolean
  /** A request of one's own whose access is to last longer; it says what is asked for. */
  readonly prolongs?: string
}

/**
 * The request that a wish makes, as it would be stored; a dry run shows the same.
 * @throws DomainError `refused`, `not-found`, `invalid-value`, `too-large`
 */
export function fileRequest(
  id: AccessRequestId,
  user: User,
  typed: RequestWish,
  view: View,
  now: Instant,
): AccessRequest {
  if (view.isLocked({ kind: 'user', user: user.id }, now))
    throw refused('You are locked, so you can not ask for access.', 'Ask an administrator.')
  const roles = effectiveRoles(user, view, now)
  const asker: Asker = { user, roles, view, now }
  checkSize(typed)
  const { wish, prolonged } = expandWish(typed, asker)
  checkCount('resources', wish.resources)
  if (wish.roles.length === 0 && isRoleRequest(wish))
    throw refused('The request asks for nothing.', 'Name at least one role, resource or bundle.')
  const isSearch = !isRoleRequest(wish)
  const things = isSearch ? thingsMissing(wish, asker) : { resources: [], applications: [] }
  const asked = isSearch ? rolesForThings(wish, things, asker) : rolesFor(wish, asker)
  refuseDenied(things, asker)
  const { resources } = things
  const blocks = asked.map((reference) => blocksFor(reference.name, isSearch, roles, view))
  checkReason(wish.reason, roles, blocks.flat())
  const names = asked.map(({ name }) => name)
  const grants = isSearch
    ? resources.map(grantKey)
    : asked.flatMap((reference) => [...grantsOfRole(reference, view, user.traits)])
  const obstacle = obstacleToGrants(grants, view)
  if (obstacle) throw new DomainError(obstacle)
  refuseTooMany(asker.view.requestsByUser.get(user.id) ?? [], now)
  const prolongs = prolonged ? { prolongs: prolonged.id } : {}
  const rules = applyRules({ user, roles: asked, ...things, ...prolongs, grants }, view, { filedAt: now, now })
  // Membership is given by somebody who may give it.
  const decision = wish.longTerm && rules.decision?.verdict === 'approve' ? undefined : rules.decision
  const request: AccessRequest = {
    id,
    user: user.id,
    roles: asked,
    ...things,
    bundles: wish.bundles ?? [],
    reason: wish.reason.trim(),
    suggestedReviewers: [],
    annotations: systemAnnotations(blocks.flat(), roles),
    ...thresholdsFor(names, blocks, rules.thresholds),
    reviews: [],
    createdAt: now,
    ...timesOf(wish, allowedDuration(asked, blocks, view), now),
    ...prolongs,
    ...(decision ? { automatic: decision } : {}),
    ...(wish.longTerm ? { longTerm: longTermFor(things, asker) } : {}),
    revision: 1,
    state: 'pending',
  }
  const suggested = { ...request, suggestedReviewers: suggestedReviewers(request, wish, asker) }
  // A rule that denies needs nobody to look; one that approves waits until the permission sets have been read.
  return decision?.verdict === 'deny' ? settle(suggested, { view, now, isRead: false }) : suggested
}

/** @throws DomainError `refused` unless one list gives all of it */
function longTermFor(
  things: Pick<AccessRequest, 'resources' | 'applications'>,
  { user, view, now }: Asker,
): { readonly recommended: AccessListId } {
  const { recommended, canProceed, message } = longTermOf(things, user, view, now)
  if (canProceed && recommended !== undefined) return { recommended }
  throw refused(message, 'A dry run with long-term access shows which list gives what.')
}

/** Who asks, and what counts for him. */
export interface Asker {
  readonly user: User
  readonly roles: EffectiveRoles
  readonly view: View
  readonly now: Instant
}

const refused = (message: string, remedy: string): DomainError => new DomainError({ code: 'refused', message, remedy })

// oxlint-disable-next-line no-control-regex -- what would change how a log or a terminal shows the line
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

function checkSize({ reason, resourceIds, bundles = [], roles, suggestedReviewers: reviewers }: RequestWish): void {
  if (reason.length > MAX_REASON_LENGTH)
    throw new DomainError({ code: 'too-large', what: 'The reason', limit: `${MAX_REASON_LENGTH} characters` })
  if (UNPRINTABLE.test(reason))
    throw new DomainError({ code: 'invalid-value', field: 'reason', text: reason, expected: 'plain text' })
  for (const [what, values] of Object.entries({ resources: resourceIds, bundles, roles, reviewers }))
    checkCount(what, values)
}

function checkCount(what: string, { length }: readonly unknown[]): void {
  if (length > MAX_REQUESTED)
    throw new DomainError({ code: 'too-large', what: `The list of ${what}`, limit: `${MAX_REQUESTED} entries` })
}

/** Role requests. Every name is resolved before anything is compared with it. */
function rolesFor(wish: RequestWish, asker: Asker): readonly RoleReference[] {
  const { roles, view, now } = asker
  const wanted = wish.roles.includes('*')
    ? allRequestable(asker)
    : wish.roles.map((name) => referTo(asName(name), view))
  const unique = [...new Map(wanted.map((reference) => [reference.name, reference])).values()]
  for (const reference of unique) {
    if (!isKnown(reference, view) || !mayRequestRole(reference.name, roles)) throw mayNotRequest(reference.name, asker)
    if (isRoleLocked(reference, view, now))
      throw refused(`Role "${reference.name}" is locked.`, 'Ask an administrator when it will be unlocked.')
  }
  const missing = unique.filter(({ name }) => !roles.standing.has(name))
  if (missing.length === 0)
    throw refused('You have all of this already, without an end.', 'Use it; no request is needed.')
  checkCount('roles', missing)
  return missing
}

const asName = (text: string): RoleName => text as RoleName

/** A role that exists and one that does not are refused alike: names are not to be tried out. */
const mayNotRequest = (name: RoleName, { view, roles }: Asker): DomainError =>
  roles.allowing.some(({ allow }) => allow.request.roles.length > 0)
    ? refused(`You may not ask for role "${name}", or there is none.`, 'Ask for one that "tsh request ls" offers.')
    : unknownRole(name, { ...view, roles: [] }, 'roles')

/**
 * What `*` stands for: what may be asked for and is missing, less what nobody could be given now. Where an organization
 * offers no derived roles, those that somebody has all the same are asked for by name.
 */
export function allRequestable({ user, roles, view, now }: Asker): readonly RoleReference[] {
  const names = new Set([...view.roles.map(({ name }) => name), ...view.byOrganization.flatMap(systemRolesOf)])
  return [...names]
    .filter((name) => mayRequestRole(name, roles) && !roles.standing.has(name))
    .map((name) => referTo(name, view))
    .filter((reference) => isKnown(reference, view) && !isRoleLocked(reference, view, now))
    .filter((reference) => [...grantsOfRole(reference, view, user.traits)].every((grant) => mayEnd(grant, view)))
}

const systemRolesOf = ({ organization, catalogue }: OrganizationView): readonly RoleName[] =>
  organization.rolesSyncMode === 'NONE'
    ? []
    : [...catalogue.accounts.values()].flatMap((account) =>
        setsIn(catalogue, account.id).map((set) => systemRoleName(account, set)),
      )

/** The allow blocks of the asker's roles that cover what is asked for. */
export function blocksFor(name: RoleName, isSearch: boolean, roles: EffectiveRoles, view: View): readonly Role[] {
  return roles.allowing.filter(({ allow }) => coversRole(allow, name, isSearch, view))
}

const coversRole = ({ request }: RoleConditions, name: RoleName, isSearch: boolean, view: View): boolean =>
  isSearch
    ? request.searchAsRoles.some((searched) => canonicalName({ name: searched }, view) === name)
    : request.roles.some((pattern) => matches(pattern, name))

function checkReason(reason: string, roles: EffectiveRoles, blocks: readonly Role[]): void {
  if (reason.trim() !== '') return
  const { needsReason, prompts } = reasonAsked(roles, blocks)
  if (!needsReason) return
  const asked = prompts.length === 0 ? '' : `: ${prompts.join(' ')}`
  throw refused('A reason is required.', `Give one with --reason${asked === '' ? '.' : asked}`)
}

/** Whether a request must have a reason, and what the roles ask for it, each prompt once. */
export function reasonAsked(
  roles: EffectiveRoles,
  blocks: readonly Role[],
): { readonly needsReason: boolean; readonly prompts: readonly string[] } {
  const asking = roles.allowing.filter(({ options }) => options.requestAccess === 'reason')
  const required = blocks.filter(({ allow }) => allow.request.reason?.mode === 'required')
  const prompts = [
    ...required.map(({ allow }) => allow.request.reason?.prompt ?? ''),
    ...roles.allowing
      .filter(({ options }) => options.requestAccess !== 'optional')
      .map(({ options }) => options.requestPrompt),
  ]
  return {
    needsReason: asking.length > 0 || required.length > 0,
    prompts: [...new Set(prompts.map((prompt) => prompt.trim()).filter((prompt) => prompt !== ''))],
  }
}

/** The smallest over the roles; for each the largest that a block allows, else the role's own limit, else eight hours. */
function allowedDuration(roles: readonly RoleReference[], blocks: readonly (readonly Role[])[], view: View): Duration {
  const perRole = roles.map((reference, index) => {
    const allowed = (blocks[index] ?? []).flatMap(({ allow }) => allow.request.maxDuration ?? [])
    const resolved = view.resolveRole(reference)
    const own = resolved.kind === 'stored' ? resolved.role.options.maxSessionTtl : undefined
    return allowed.length > 0 ? Math.max(...allowed) : (own ?? DEFAULT_DURATION)
  })
  return milliseconds(Math.min(MAX_REQUEST_DURATION, ...perRole))
}

function timesOf(
  wish: RequestWish,
  allowed: Duration,
  now: Instant,
): Pick<AccessRequest, 'duration' | 'pendingUntil' | 'assumeStartTime'> {
  const { duration = allowed, pendingFor = MAX_PENDING, assumeStartTime, prolongs } = wish
  checkLength('duration', duration, MAX_REQUEST_DURATION, '14 days')
  checkLength('request_ttl', pendingFor, MAX_PENDING, '7 days')
  if (prolongs !== undefined && assumeStartTime !== undefined)
    throw refused('What prolongs access begins at once.', 'Leave the start time out.')
  if (assumeStartTime !== undefined) checkStartTime(assumeStartTime, now)
  return {
    duration: milliseconds(Math.min(duration, allowed)),
    pendingUntil: plus(now, pendingFor),
    ...(assumeStartTime === undefined ? {} : { assumeStartTime }),
  }
}

function checkLength(field: string, length: Duration, limit: Duration, limitText: string): void {
  if (Number.isSafeInteger(length) && length > 0 && length <= limit) return
  throw new DomainError({
    code: 'invalid-value',
    field,
    text: String(length),
    expected: `a duration of at most ${limitText}, longer than nothing`,
  })
}
