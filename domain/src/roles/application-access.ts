import type { Labels, RoleName } from '../kernel/names.ts'
import { ORIGIN_IDENTITY_CENTER, ORIGIN_LABEL } from '../kernel/names.ts'
import { matches } from '../kernel/pattern.ts'
import { holds } from '../predicates/predicate.ts'
import { LABELS_SCOPE } from '../predicates/scopes.ts'
import { bothWays, type EffectiveRoles } from './effective-roles.ts'
import type { LabelPatterns, Role, RoleConditions } from './role.ts'
import { denyingRole, type RuleResource } from './rules.ts'

/** What the application of Identity Center is labelled with. */
export const IDENTITY_CENTER_LABELS: Labels = { [ORIGIN_LABEL]: ORIGIN_IDENTITY_CENTER }

/** What keeps somebody from signing in to an application, so that it can be said and mended. */
export interface SignInDenial {
  readonly missing: 'label' | 'role-version' | 'option' | 'rule' | 'factor' | 'device' | 'lock' | 'approval'
  /** The role that forbids it, or asks for what is missing. */
  readonly role?: RoleName
  /** In plain words, for the person. */
  readonly message: string
  readonly remedy: string
}

/**
 * Why somebody can not sign in to an application; nothing when he can. Any role of version 8 decides by labels; without
 * one the option of the older versions does (governance facts, 3.6). Locking a role never opens anything: it still says
 * who decides, forbids what it forbids and asks for what it asks for, and gives nothing.
 */
export function denialOfSignIn(
  roles: EffectiveRoles,
  labels: Labels = IDENTITY_CENTER_LABELS,
  name = '',
): SignInDenial | undefined {
  const off = roles.denying.find((role) => role.version !== 'v8' && !role.options.samlIdpEnabled)
  if (off)
    return {
      missing: 'option',
      role: off.name,
      message: `Role "${off.name}" switches signing in to applications off (options.idp.saml.enabled).`,
      remedy: 'Ask an administrator to switch it on in that role, or to take the role away.',
    }
  return denialByRule(roles, { name, labels }) ?? denialByLabels(roles, labels) ?? denialByFactor(roles, labels)
}

/** Reading applications is allowed without a rule, so only a rule that denies it counts, in any version. */
function denialByRule(roles: EffectiveRoles, application: RuleResource): SignInDenial | undefined {
  for (const verb of ['read', 'list'] as const) {
    const denying = denyingRole(roles, verb, 'saml_idp_service_provider', application)
    if (denying)
      return {
        missing: 'rule',
        role: denying.name,
        message: `Role "${denying.name}" has a rule that denies "${verb}" on "saml_idp_service_provider", which takes signing in with it.`,
        remedy: 'Ask an administrator whether that is meant for you.',
      }
  }
  return undefined
}

/**
 * Whether labels let somebody have to do with an application at all: sign in to it or administer it. People without any
 * role of version 8 are not asked for labels.
 */
export function denialByLabels(roles: EffectiveRoles, labels: Labels): SignInDenial | undefined {
  const expressions = bothWays(roles).map((one) => expressionOn(labels, one))
  const denied = roles.denying.find(
    ({ version, deny }) =>
      version === 'v8' &&
      (matchesLabels(deny.appLabels, labels) || expressions.some((expression) => expression(deny) === true)),
  )
  if (denied)
    return {
      missing: 'rule',
      role: denied.name,
      message: `Role "${denied.name}" denies the application by its labels.`,
      remedy: 'Ask an administrator whether that is meant for you.',
    }
  if (roles.denying.every(({ version }) => version !== 'v8')) return denialByLock(roles)
  const matching = roles.denying.filter(({ version, allow }) => version === 'v8' && reaches(allow, labels, roles))
  if (matching.some((role) => roles.allowing.includes(role))) return undefined
  const [locked] = matching
  if (locked) return lockedOut(locked, roles)
  const old = roles.allowing.find(({ version, allow }) => version !== 'v8' && reaches(allow, labels, roles))
  const wanted = describeLabels(labels)
  if (old)
    return {
      missing: 'role-version',
      role: old.name,
      message: `No role of version 8 matches the application by its labels (${wanted}), so it can not be signed in to; role "${old.name}" has them, in version ${old.version.slice(1)}, where they do not count.`,
      remedy: `Ask an administrator to raise "${old.name}" to version 8.`,
    }
  return {
    missing: 'label',
    message: `No role has app_labels that match the application (${wanted}), so it can not be signed in to.`,
    remedy: 'Ask an administrator for a role with these app_labels, such as "access".',
  }
}

/** Roles of older versions let him in wherever it is not switched off; one that is locked lets nobody in. */
function denialByLock(roles: EffectiveRoles): SignInDenial | undefined {
  const [locked] = roles.denying
  return locked && roles.allowing.length === 0 ? lockedOut(locked, roles) : undefined
}

const lockedOut = ({ name }: Role, { changed }: EffectiveRoles): SignInDenial =>
  changed.has(name)
    ? {
        missing: 'approval',
        role: name,
        message: `Role "${name}", which lets you use the application, has changed since it was lent to you, so it gives nothing here.`,
        remedy: 'Ask for it again, so that it is approved as it is now.',
      }
    : {
        missing: 'lock',
        role: name,
        message: `Role "${name}", which lets you use the application, gives nothing now: it or its list is locked or suspended.`,
        remedy: 'Ask an administrator to remove the lock, or for another role.',
      }

const describeLabels = (labels: Labels): string =>
  Object.keys(labels).length === 0
    ? 'it has no labels'
    : Object.entries(labels)
        .map(([key, value]) => `${key}: ${value}`)
        .join(', ')

/**
 * Until there is a ceremony for it, what a role asks for can't be shown. Asked are the roles that let him in, locked or
 * not, and all of older versions, since they have no labels to tell applications apart.
 */
function denialByFactor(roles: EffectiveRoles, labels: Labels): SignInDenial | undefined {
  const asking: readonly Role[] = roles.denying.filter(
    (role) => role.version !== 'v8' || reaches(role.allow, labels, roles),
  )
  const mfa = asking.find(({ options }) => options.requireSessionMfa)
  if (mfa)
    return {
      missing: 'factor',
      role: mfa.name,
      message: `Role "${mfa.name}" asks for a second factor (options.require_session_mfa), which does not exist yet.`,
      remedy: 'Ask an administrator for a role that does not ask for it.',
    }
  const device = asking.find(({ options }) => options.deviceTrustMode === 'required')
  if (device)
    return {
      missing: 'device',
      role: device.name,
      message: `Role "${device.name}" asks for a trusted device (options.device_trust_mode), which does not exist yet.`,
      remedy: 'Ask an administrator for a role that does not ask for it.',
    }
  return undefined
}

/** Says whether a role by itself lets somebody in to an application, by its labels. */
export const opensApplication = (role: Role, labels: Labels, roles: EffectiveRoles): boolean =>
  role.version === 'v8' && reaches(role.allow, labels, roles)

/** What an allow is asked: of labels and expression those that it has must match, and it must have one of them. */
function reaches(allow: RoleConditions, labels: Labels, roles: EffectiveRoles): boolean {
  const met = bothWays(roles).map((one) => expressionOn(labels, one)(allow))
  if (Object.keys(allow.appLabels ?? {}).length === 0) return met.every((one) => one === true)
  return matchesLabels(allow.appLabels, labels) && !met.includes(false)
}

/** What the expression of one side of a role says; nothing when it has none. */
function expressionOn(
  labels: Labels,
  { names, person }: EffectiveRoles,
): (conditions: RoleConditions) => boolean | undefined {
  const values = {
    labels,
    'user.metadata.name': person.name,
    'user.spec.roles': [...names],
    'user.spec.traits': person.traits,
    external: person.traits,
  }
  return ({ appLabelsExpression }) => appLabelsExpression && holds(appLabelsExpression, LABELS_SCOPE, values)
}

/** Every key must be there with one of its values; `*` as key stands for any label. No labels match nothing. */
export function matchesLabels(patterns: LabelPatterns | undefined, labels: Labels): boolean {
  if (!patterns) return false
  const entries = Object.entries(patterns)
  return entries.length > 0 && entries.every(([key, values]) => matchesLabel(key, values, labels))
}

function matchesLabel(key: string, values: LabelPatterns[string], labels: Labels): boolean {
  if (key === '*') return values.some((pattern) => pattern === '*')
  return Object.entries(labels).some(
    ([name, value]) => name === key && values.some((pattern) => matches(pattern, value)),
  )
}
