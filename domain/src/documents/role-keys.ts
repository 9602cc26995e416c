import { RULE_KINDS } from '../roles/rules.ts'
import { type RoleVersion, VERBS } from '../roles/role.ts'

/** Keys that people write into every document; the server adds more, and reads those back. */
export const WRITTEN_ENVELOPE_KEYS = ['kind', 'version', 'metadata', 'spec'] as const
export const WRITTEN_METADATA_KEYS = ['name', 'description', 'labels'] as const

/** Newest first. */
export const ROLE_VERSIONS = ['v8', 'v7', 'v6', 'v5', 'v4', 'v3'] as const satisfies readonly RoleVersion[]
export const REQUEST_ACCESS = ['optional', 'reason', 'always'] as const
export const DEVICE_TRUST_MODES = ['off', 'optional', 'required'] as const
export const REASON_MODES = ['optional', 'required'] as const

/** What is read of each part of a role's `spec`: `parseRole` takes these, and no others. */
export const ROLE_PARTS = {
  spec: ['options', 'allow', 'deny'],
  options: ['max_session_ttl', 'require_session_mfa', 'device_trust_mode', 'request_access', 'request_prompt', 'idp'],
  idp: ['saml'],
  saml: ['enabled'],
  conditions: ['app_labels', 'app_labels_expression', 'account_assignments', 'request', 'review_requests', 'rules'],
  assignment: ['account', 'permission_set'],
  request: [
    'roles',
    'claims_to_roles',
    'search_as_roles',
    'suggested_reviewers',
    'thresholds',
    'max_duration',
    'annotations',
    'reason',
  ],
  reason: ['mode', 'prompt'],
  threshold: ['name', 'approve', 'deny', 'filter'],
  claim: ['claim', 'value', 'roles'],
  review: ['roles', 'claims_to_roles', 'preview_as_roles', 'where'],
  rule: ['resources', 'verbs', 'where'],
} as const

const conditionsAt = (at: string): Readonly<Record<string, readonly string[]>> => ({
  [at]: ROLE_PARTS.conditions,
  [`${at}.account_assignments`]: ROLE_PARTS.assignment,
  [`${at}.request`]: ROLE_PARTS.request,
  [`${at}.request.reason`]: ROLE_PARTS.reason,
  [`${at}.request.claims_to_roles`]: ROLE_PARTS.claim,
  [`${at}.review_requests`]: ROLE_PARTS.review,
  [`${at}.review_requests.claims_to_roles`]: ROLE_PARTS.claim,
  [`${at}.rules`]: ROLE_PARTS.rule,
})

/** Keys of a role by where they stand; items of a list stand where the list does. For editors that complete them. */
export const ROLE_KEYS: Readonly<Record<string, readonly string[]>> = {
  '': WRITTEN_ENVELOPE_KEYS,
  metadata: WRITTEN_METADATA_KEYS,
  spec: ROLE_PARTS.spec,
  'spec.options': ROLE_PARTS.options,
  'spec.options.idp': ROLE_PARTS.idp,
  'spec.options.idp.saml': ROLE_PARTS.saml,
  ...conditionsAt('spec.allow'),
  'spec.allow.request.thresholds': ROLE_PARTS.threshold,
  ...conditionsAt('spec.deny'),
  // A deny has none.
  'spec.deny.request': ROLE_PARTS.request.filter((key) => key !== 'thresholds'),
}

/** Values that there are not many of, by the last two keys of where they stand. */
export const ROLE_VALUES: Readonly<Record<string, readonly string[]>> = {
  version: ROLE_VERSIONS,
  'options.request_access': REQUEST_ACCESS,
  'options.device_trust_mode': DEVICE_TRUST_MODES,
  'reason.mode': REASON_MODES,
  'rules.verbs': VERBS,
  'rules.resources': RULE_KINDS,
}
