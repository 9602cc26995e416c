import type { Labels } from '../kernel/names.ts'
import { ORIGIN_IDENTITY_CENTER, ORIGIN_LABEL } from '../kernel/names.ts'
import { matches } from '../kernel/pattern.ts'
import type { EffectiveRoles } from './effective-roles.ts'
import type { LabelPatterns, Role } from './role.ts'

/** What the application of Identity Center is labelled with. */
export const IDENTITY_CENTER_LABELS: Labels = { [ORIGIN_LABEL]: ORIGIN_IDENTITY_CENTER }

/**
 * Why somebody could not sign in to AWS through us, in plain words; nothing when he can. Any role of version 8 decides
 * by labels; without one the option of the older versions does (governance facts, 3.6).
 */
export function whyNoSignIn(roles: EffectiveRoles, labels: Labels = IDENTITY_CENTER_LABELS): string | undefined {
  const off = roles.allowing.find((role) => role.version !== 'v8' && !role.options.samlIdpEnabled)
  if (off) return `Role "${off.name}" switches signing in to applications off (options.idp.saml.enabled).`
  const denied = roles.denying.find(({ version, deny }) => version === 'v8' && matchesLabels(deny.appLabels, labels))
  if (denied) return `Role "${denied.name}" denies the application by app_labels.`
  const deciding = roles.allowing.filter(({ version }) => version === 'v8')
  const matching = deciding.filter(({ allow }) => matchesLabels(allow.appLabels, labels))
  if (deciding.length > 0 && matching.length === 0)
    return `No role has app_labels that match the application (${ORIGIN_LABEL}: ${ORIGIN_IDENTITY_CENTER}), so AWS can not be signed in to.`
  return whyFactor(deciding.length > 0 ? matching : roles.allowing)
}

/** Until there is a ceremony for it, what a role asks for can't be shown. */
function whyFactor(roles: readonly Role[]): string | undefined {
  const mfa = roles.find(({ options }) => options.requireSessionMfa)
  if (mfa) return `Role "${mfa.name}" asks for a second factor (options.require_session_mfa), which does not exist yet.`
  const device = roles.find(({ options }) => options.deviceTrustMode === 'required')
  if (device)
    return `Role "${device.name}" asks for a trusted device (options.device_trust_mode), which does not exist yet.`
  return undefined
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
