import { giving, membershipsOf } from '../access-lists/memberships.ts'
import { isRoleRequest, type RequestDetails } from '../access-requests/access-request.ts'
import { isSamePerson, PERSON_LABEL } from '../access-requests/reviewers.ts'
import { toCanonicalJson } from '../audit/canonical-json.ts'
import { viewOfGrant } from '../desired-state/view-of-grant.ts'
import type { View } from '../desired-state/view.ts'
import { type GrantKey, grantOfKey } from '../identity-center/account-assignment.ts'
import { type Selected, selects } from '../identity-center/account-selector.ts'
import type { Instant } from '../kernel/instant.ts'
import { matches } from '../kernel/pattern.ts'
import { allowedAssignments } from '../roles/expand-assignments.ts'
import { canonicalName } from '../roles/role-names.ts'
import { NO_CONDITIONS, type RoleReference, type Threshold } from '../roles/role.ts'
import type { User } from '../users/user.ts'
import type { ApprovalRule, ApprovalRuleName, RuleConditions } from './approval-rule.ts'
import { isWithin } from './time-window.ts'

/** What rules look at: who asks, when, and for what. */
export interface AskedFor extends Pick<RequestDetails, 'roles' | 'resources' | 'applications' | 'prolongs'> {
  readonly user: User
  /** Every account assignment that it would give. */
  readonly grants: readonly GrantKey[]
}

/** When rules are asked: what was filed at one instant is looked at again later. */
export interface RulesAsking {
  readonly filedAt: Instant
  readonly now: Instant
  /** The access would begin now: a rule that approves at some times must do so at this one, too. */
  readonly begins?: boolean
}

export interface AppliedRules {
  /** A set for each rule that asks for more. */
  readonly thresholds: readonly (readonly Threshold[])[]
  /** Every rule that would approve it. */
  readonly approving: readonly ApprovalRuleName[]
  readonly decision?: { readonly rule: string; readonly verdict: 'approve' | 'deny'; readonly reason: string }
}

/**
 * What the approval rules make of a request when it is filed. A rule that asks for more, or denies, is about it as soon
 * as one thing that is asked for may be meant; one that approves must be about all of it, and a deny wins.
 */
export function applyRules(asked: AskedFor, view: View, asking: RulesAsking): AppliedRules {
  const meant = view.approvalRules.flatMap((rule) => {
    const coverage = coverageOf(rule.when, asked, { view, asking })
    return coverage === 'none' ? [] : [{ rule, coverage }]
  })
  const thresholds = meant.flatMap(({ rule }) =>
    rule.effect.kind === 'thresholds' ? [withRule(rule.effect.thresholds, rule)] : [],
  )
  const denying = meant.find(({ rule: { effect } }) => effect.kind === 'deny')
  const fitting = meant.filter(
    ({ rule, coverage }) =>
      rule.effect.kind === 'approve' && coverage === 'all' && mayApprove(rule, asked, { view, asking }),
  )
  const approving = fitting.map(({ rule }) => rule.name)
  const deciding = denying ?? fitting[0]
  if (!deciding || deciding.rule.effect.kind === 'thresholds') return { thresholds, approving }
  const { kind: verdict, reason } = deciding.rule.effect
  return { thresholds, approving, decision: { rule: deciding.rule.name, verdict, reason } }
}

/**
 * What a rule knows of is account assignments, and roles that it names. It approves nothing that its authors ask for under
 * whichever of their names, no application, and nothing that prolongs access, which would have no end.
 */
function mayApprove(
  rule: ApprovalRule,
  asked: AskedFor,
  { view, asking: { now, begins = false } }: { readonly view: View; readonly asking: RulesAsking },
): boolean {
  if (asked.applications.length > 0 || asked.prolongs !== undefined) return false
  const isAuthor = rule.authors.some(({ user: id, person }) => {
    const author = view.userById.get(id)
    const isSame = id === asked.user.id || (author !== undefined && isSamePerson(author, asked.user))
    return isSame || (person !== undefined && person === asked.user.labels[PERSON_LABEL])
  })
  if (isAuthor) return false
  const { roles: named, requesterLists, times } = rule.when
  if (begins && times.length > 0 && !times.some((window) => isWithin(window, now))) return false
  if (requesterLists.length > 0) {
    const lists = giving(membershipsOf(asked.user, view, now), view, now)
    if (!requesterLists.some((list) => lists.has(list))) return false
  }
  return !isRoleRequest(asked) || named.length > 0 || asked.roles.every((reference) => isOnlyGrants(reference, view))
}

/** A role that gives account assignments and nothing besides: no right here, no application, nothing to ask for. */
function isOnlyGrants(reference: RoleReference, view: View): boolean {
  const resolved = view.resolveRole(reference)
  if (resolved.kind === 'system') return true
  if (resolved.kind !== 'stored') return false
  const { accountAssignments, ...rest } = resolved.role.allow
  return view.expand(allowedAssignments(accountAssignments, {})).size > 0 && toCanonicalJson(rest) === NOTHING_BESIDES
}

const { accountAssignments: _, ...BESIDES } = NO_CONDITIONS
const NOTHING_BESIDES = toCanonicalJson(BESIDES)

const withRule = (thresholds: readonly Threshold[], { name }: ApprovalRule): readonly Threshold[] =>
  thresholds.map((threshold) => ({ ...threshold, rule: name }))

/** `some`: part of it, or as far as can be said. */
type Coverage = 'none' | 'some' | 'all'

function coverageOf(
  when: RuleConditions,
  { user, roles, grants }: AskedFor,
  { view, asking: { filedAt, now } }: { readonly view: View; readonly asking: RulesAsking },
): Coverage {
  if (when.times.length > 0 && !when.times.some((window) => isWithin(window, filedAt))) return 'none'
  if (when.requesterLists.length > 0) {
    // Who has left since he asked is still meant; whether he is approved is asked as of now.
    const memberships = [...new Set([filedAt, now])].map((instant) => membershipsOf(user, view, instant))
    if (!when.requesterLists.some((list) => memberships.some((some) => some.has(list)))) return 'none'
  }
  const answers: Selected[] = []
  if (when.roles.length > 0)
    answers.push(
      allOf(
        roles
          .map((reference) => canonicalName(reference, view))
          .map((name) => yesOrNo(when.roles.some((pattern) => matches(pattern, name)))),
      ),
    )
  if (when.accounts.length > 0 || when.permissionSets.length > 0)
    answers.push(allOf(grants.map((grant) => isMeant(grant, when, view))))
  if (answers.includes('no')) return 'none'
  return answers.includes('unknown') ? 'some' : 'all'
}

const yesOrNo = (is: boolean): Selected => (is ? 'yes' : 'no')

/** Some and not all of several things count as unknown: `some` of the whole. */
function allOf(answers: readonly Selected[]): Selected {
  if (answers.every((answer) => answer === 'no')) return 'no'
  return answers.every((answer) => answer === 'yes') ? 'yes' : 'unknown'
}

function isMeant(grant: GrantKey, { accounts, permissionSets }: RuleConditions, view: View): Selected {
  const { account: id, permissionSet: arn } = grantOfKey(grant)
  // As its own organization knows it: the account may be in another one's mirror still.
  const catalogue = viewOfGrant({ account: id, permissionSet: arn }, view)?.catalogue
  const account = catalogue?.accounts.get(id)
  const set = catalogue?.permissionSets.get(arn)
  const names = [arn, ...(set ? [set.name] : [])]
  if (permissionSets.length > 0 && !permissionSets.some((pattern) => names.some((name) => matches(pattern, name))))
    return 'no'
  if (accounts.length === 0) return 'yes'
  const answers = accounts.map((selector) => (account ? selects(selector, account) : 'unknown'))
  if (answers.includes('yes')) return 'yes'
  return answers.includes('unknown') ? 'unknown' : 'no'
}
