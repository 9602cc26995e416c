import type { Labels } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import { holds } from '../predicates/predicate.ts'
import { RULE_SCOPE } from '../predicates/scopes.ts'
import { bothWays, type EffectiveRoles } from './effective-roles.ts'
import { type Role, type Rule, type Verb, VERBS } from './role.ts'

/** What a rule can be about here; `*` in a rule is all of them. */
export const RULE_KINDS = [
  'user',
  'role',
  'access_list',
  'access_request',
  'lock',
  'saml_idp_service_provider',
  'bundle',
  'approval_rule',
  'plugin',
  'integration',
  'aws_identity_center',
  'cert_authority',
  'event',
] as const
export type RuleKind = (typeof RULE_KINDS)[number]

/** The record that somebody wants to do something with, as a condition sees it. */
export interface RuleResource {
  readonly name: string
  readonly labels: Labels
}

/** Says whether the roles let somebody do this with one record. Deny comes first. */
export function mayAct(roles: EffectiveRoles, verb: Verb, kind: RuleKind, resource: RuleResource): boolean {
  if (!ASKED_ONE_BY_ONE.has(kind)) return mayActOnKind(roles, verb, kind)
  const ways = bothWays(roles).map((one) => ruleApplies(one, verb, kind, resource))
  return (
    denyingRole(roles, verb, kind, resource) === undefined &&
    roles.allowing.some(({ allow }) => allow.rules.some((rule) => ways.every((applies) => applies(rule))))
  )
}

/** Kinds whose records are asked about one by one, once it is clear that some of them may be meant. */
const ASKED_ONE_BY_ONE: ReadonlySet<RuleKind> = new Set([
  'user',
  'role',
  'access_list',
  'access_request',
  'lock',
  'saml_idp_service_provider',
  'bundle',
  'approval_rule',
])

/**
 * What is asked before a record is known. Of kinds that are asked about one by one afterwards, it is enough that some
 * record may be meant: conditions count as met where they allow, and as not met where they deny. Of all others it must be
 * every record.
 */
export function mayActOnKind(roles: EffectiveRoles, verb: Verb, kind: RuleKind): boolean {
  const isLater = ASKED_ONE_BY_ONE.has(kind)
  const isAbout = (rule: Rule): boolean => concerns(rule, verb, kind)
  return (
    findDenying(roles, (rule) => isAbout(rule) && !(isLater && rule.where)) === undefined &&
    roles.allowing.some(({ allow }) => allow.rules.some((rule) => isAbout(rule) && (isLater || !rule.where)))
  )
}

/** Every verb that may be asked for, by kind; kinds without any are left out. */
export function rightsOf(roles: EffectiveRoles): Readonly<Record<string, Verb[]>> {
  const rights = RULE_KINDS.map((kind) => [kind, VERBS.filter((verb) => mayActOnKind(roles, verb, kind))] as const)
  return Object.fromEntries(rights.filter(([, verbs]) => verbs.length > 0))
}

/** A role that explicitly denies it; all there is to ask about what is allowed without any rule. */
export function denyingRole(
  roles: EffectiveRoles,
  verb: Verb,
  kind: RuleKind,
  resource: RuleResource,
): Role | undefined {
  const ways = bothWays(roles).map((one) => ruleApplies(one, verb, kind, resource))
  return findDenying(roles, (rule) => ways.some((applies) => applies(rule)))
}

/** A role that keeps somebody from a record that he sees without any rule, such as the list he owns. */
export const hidingRole = (roles: EffectiveRoles, kind: RuleKind, resource: RuleResource): Role | undefined =>
  denyingRole(roles, 'read', kind, resource) ?? denyingRole(roles, 'list', kind, resource)

/** Says which verb and kind are missing, and whether a role denies them. */
export function refusalOf(roles: EffectiveRoles | undefined, verb: Verb, kind: RuleKind): DomainError {
  const denying = roles && findDenying(roles, (rule) => concerns(rule, verb, kind))
  const changed = roles?.denying.find(
    ({ name, allow }) => roles.changed.has(name) && allow.rules.some((rule) => concerns(rule, verb, kind)),
  )
  if (changed && !denying)
    return new DomainError({
      code: 'refused',
      message: `You may not perform the action "${verb}" on "${kind}": role "${changed.name}" has changed since it was lent to you, so it gives nothing here.`,
      remedy: 'Ask for it again, so that it is approved as it is now.',
    })
  return new DomainError({
    code: 'refused',
    message: `You may not perform the action "${verb}" on "${kind}": ${denying ? `role "${denying.name}" has a rule that denies it.` : 'no role of yours has a rule that allows it here.'}`,
    remedy: denying
      ? 'Ask an administrator whether that is meant for you.'
      : 'Ask an administrator to do it, or for a role with such a rule; "editor" has all of them.',
  })
}

const findDenying = ({ denying }: EffectiveRoles, applies: (rule: Rule) => boolean): Role | undefined =>
  denying.find(({ deny }) => deny.rules.some(applies))

function ruleApplies(
  { names, person }: EffectiveRoles,
  verb: Verb,
  kind: RuleKind,
  { name, labels }: RuleResource,
): (rule: Rule) => boolean {
  const values = {
    'resource.kind': kind,
    'resource.metadata.name': name,
    'resource.metadata.labels': labels,
    'user.metadata.name': person.name,
    'user.spec.roles': [...names],
    'user.spec.traits': person.traits,
    external: person.traits,
  }
  return (rule) => concerns(rule, verb, kind) && (!rule.where || holds(rule.where, RULE_SCOPE, values))
}

/** No secret is ever shown, so reading without secrets is reading. */
const concerns = ({ resources, verbs }: Rule, verb: Verb, kind: RuleKind): boolean =>
  (resources.includes('*') || resources.includes(kind)) &&
  (verbs.includes('*') || verbs.includes(verb) || (verb === 'read' && verbs.includes('readnosecrets')))
