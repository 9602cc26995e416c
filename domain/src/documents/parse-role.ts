import type { RoleName } from '../kernel/names.ts'
import { looksLikeSystemRole } from '../identity-center/system-roles.ts'
import { days, type Duration } from '../kernel/instant.ts'
import { type Pattern, parsePattern } from '../kernel/pattern.ts'
import { DomainError } from '../kernel/problems.ts'
import { suggest } from '../kernel/suggest.ts'
import { parsePredicate, type Predicate } from '../predicates/predicate.ts'
import { LABELS_SCOPE, REVIEW_WHERE_SCOPE, RULE_SCOPE, type Scope, THRESHOLD_SCOPE } from '../predicates/scopes.ts'
import { RULE_KINDS } from '../roles/rules.ts'
import { hasTemplate, readTemplate } from '../roles/trait-templates.ts'
import {
  type AccountAssignmentTemplate,
  type ClaimMapping,
  DEFAULT_OPTIONS,
  type LabelPatterns,
  NO_CONDITIONS,
  NO_REQUEST_CONDITIONS,
  type PatternTemplate,
  type RequestConditions,
  type ReviewConditions,
  type RoleConditions,
  type RoleOptions,
  type Rule,
  type Threshold,
  VERBS,
} from '../roles/role.ts'
import type { DocumentWarning, RoleDocument } from './document.ts'
import { openEnvelope, plainName } from './envelope.ts'
import {
  boolean,
  duration,
  entriesOf,
  isEmpty,
  itemsOf,
  located,
  oneOf,
  oneOrMore,
  openMap,
  text,
  textOr,
  texts,
  traits,
  wholeNumber,
  wrongType,
} from './fields.ts'
import { UNUSED_CONDITIONS, UNUSED_OPTIONS, UNUSED_REQUEST } from './keys.ts'
import { DEVICE_TRUST_MODES, REASON_MODES, REQUEST_ACCESS, ROLE_PARTS, ROLE_VERSIONS } from './role-keys.ts'
import { invalid, type Position, toPlain, type Value } from './source.ts'

export const MAX_ACCESS_DURATION: Duration = days(14)
const MAX_THRESHOLD = 4096

/** Reads a role; `warnings` and `unused` gather what has no effect here. */
export function parseRole(value: Value, warnings: DocumentWarning[]): RoleDocument {
  const { envelope, name, description, labels, spec } = openEnvelope(value, ROLE_VERSIONS)
  const roleName = parseOwnRoleName(name)
  if (textOr(envelope.find('sub_kind'), '') !== '') throw new DomainError({ code: 'system-role', name: roleName })
  const version = envelope.find('version')
  const unused: Unused = { values: {}, warnings }
  const fields = openMap(spec, ROLE_PARTS.spec)
  return {
    kind: 'role',
    name: roleName,
    version: version ? oneOf(version, ROLE_VERSIONS) : 'v8',
    description,
    labels,
    options: parseOptions(fields.find('options'), unused),
    allow: parseConditions(fields.find('allow'), 'allow', unused),
    deny: parseConditions(fields.find('deny'), 'deny', unused),
    unused: unused.values,
  }
}

export function parseOwnRoleName(value: Value): RoleName {
  const name = plainName(value, 'a role')
  if (looksLikeSystemRole(name)) throw new DomainError({ code: 'system-role', name })
  return name as RoleName
}

/** A role that is granted or asked for: also a system role, whose permission set and account AWS names. */
export function parseRoleName(value: Value): RoleName {
  const name = text(value, { max: 512 })
  if (/[*\s]/.test(name))
    throw invalid(
      value,
      `"${name.slice(0, 60)}" is not the name of one role.`,
      'Write its whole name, without * or blanks.',
    )
  return name as RoleName
}

export const parseRoleNames = (value: Value | undefined): readonly RoleName[] => [
  ...new Set(itemsOf(value, 'a list of texts').map(parseRoleName)),
]

/** Path under `spec` → what stood there. */
interface Unused {
  readonly values: Record<string, unknown>
  readonly warnings: DocumentWarning[]
}

function keepUnused(unused: Unused, entries: readonly (readonly [string, Value])[]): void {
  for (const [, value] of entries) {
    unused.values[value.path.replace(/^spec\./, '')] = toPlain(value)
    unused.warnings.push({ field: value.path, line: value.line, message: 'not used here' })
  }
}

function parseOptions(value: Value | undefined, unused: Unused): RoleOptions {
  if (!value) return DEFAULT_OPTIONS
  const fields = openMap(value, ROLE_PARTS.options, { unused: UNUSED_OPTIONS })
  keepUnused(unused, fields.unused)
  const ttl = fields.find('max_session_ttl')
  const factor = fields.find('require_session_mfa')
  const device = fields.find('device_trust_mode')
  const access = fields.find('request_access')
  const requireSessionMfa = factor ? parseSessionMfa(factor) : false
  const deviceTrustMode = device ? oneOf(device, ['', ...DEVICE_TRUST_MODES]) || 'off' : 'off'
  if (factor && requireSessionMfa) unused.warnings.push(factorWarning(factor, 'second factor'))
  if (device && deviceTrustMode === 'required') unused.warnings.push(factorWarning(device, 'trusted device'))
  return {
    ...(ttl ? { maxSessionTtl: positive(ttl) } : {}),
    requireSessionMfa,
    deviceTrustMode,
    requestAccess: access ? oneOf(access, REQUEST_ACCESS) : 'optional',
    requestPrompt: textOr(fields.find('request_prompt'), ''),
    samlIdpEnabled: parseSamlIdp(fields.find('idp')),
  }
}

const factorWarning = ({ path, line }: Position, what: string): DocumentWarning => ({
  field: path,
  line,
  message: `signing in with a ${what} does not exist yet, so until then this role lets nobody sign in to AWS`,
})

function parseSessionMfa(value: Value): boolean {
  if (value.type !== 'text') return boolean(value)
  if (value.text.startsWith('hardware_key'))
    throw new DomainError({ code: 'not-supported-yet', field: value.path, line: value.line, feature: 'a hardware key' })
  if (value.text === 'session') return true
  return value.text === '' ? false : boolean(value)
}

function parseSamlIdp(value: Value | undefined): boolean {
  if (!value) return true
  const saml = openMap(value, ROLE_PARTS.idp).find('saml')
  const enabled = saml && openMap(saml, ROLE_PARTS.saml).find('enabled')
  return enabled ? boolean(enabled) : true
}

function positive(value: Value): Duration {
  const length = duration(value)
  if (length <= 0) throw invalid(value, 'it must be longer than nothing.', 'Write a duration such as 8h.')
  return length
}

function parseConditions(value: Value | undefined, side: 'allow' | 'deny', unused: Unused): RoleConditions {
  if (!value) return NO_CONDITIONS
  const fields = openMap(value, ROLE_PARTS.conditions, { unused: UNUSED_CONDITIONS })
  keepUnused(unused, fields.unused)
  const appLabels = fields.find('app_labels')
  return {
    ...(appLabels ? { appLabels: parseAppLabels(appLabels) } : {}),
    ...condition('appLabelsExpression', fields.find('app_labels_expression'), LABELS_SCOPE),
    accountAssignments: itemsOf(fields.find('account_assignments'), 'a list of account and permission_set').map(
      parseAssignment,
    ),
    request: parseRequest(fields.find('request'), side, unused),
    reviewRequests: parseReview(fields.find('review_requests')),
    rules: itemsOf(fields.find('rules'), 'a list of resources and verbs').map((rule) =>
      parseRule(rule, unused.warnings),
    ),
  }
}

/** Under `key`, unless it is empty. */
function condition<K extends string>(
  key: K,
  value: Value | undefined,
  scope: Scope,
): { readonly [Key in K]?: Predicate } {
  if (!value || isEmpty(value)) return {}
  const written = text(value)
  // A computed key widens to `string`; it is the one key that was asked for.
  return { [key]: located(value, () => parsePredicate(written, scope)) } as { readonly [Key in K]: Predicate }
}

function parseAppLabels(value: Value): LabelPatterns {
  return Object.fromEntries(
    entriesOf(value).map(([key, inner]) => {
      const values = oneOrMore(inner)
      if (key === '*' && values.some((one) => one !== '*'))
        throw invalid(inner, 'the key * goes with the value * only.', "Write '*': '*', or name the label.")
      return [key, values.map((one) => filledPattern(one, inner))]
    }),
  )
}

function pattern(written: string, at: Position): Pattern {
  if (written.includes('{{'))
    throw new DomainError({ code: 'not-supported-yet', field: at.path, line: at.line, feature: 'a template' })
  return located(at, () => parsePattern(written))
}

const patterns = (value: Value | undefined): readonly Pattern[] =>
  itemsOf(value, 'a list of texts').map((item) => filledPattern(text(item), item))

/** A pattern that may name a trait: `withTraits` fills it in before anything is matched with it. */
const filledPattern = (written: string, at: Position): Pattern => patternOrTemplate(written, at) as Pattern

function parseAssignment(value: Value): AccountAssignmentTemplate {
  const fields = openMap(value, ROLE_PARTS.assignment)
  const account = fields.get('account')
  const permissionSet = fields.get('permission_set')
  return {
    account: patternOrTemplate(accountText(account), account),
    permissionSet: patternOrTemplate(text(permissionSet), permissionSet),
  }
}

/** One trait with plain text or `*` around it: inside an expression it would be read as one. */
function patternOrTemplate(written: string, at: Position): PatternTemplate {
  if (!hasTemplate(written)) return pattern(written, at)
  const template = readTemplate(written)
  if (!template) throw wrongTemplate(at)
  if (written.startsWith('^') && written.endsWith('$'))
    throw invalid(at, 'a trait is not put into an expression.', 'Write it alone, or with * around it.')
  located(at, () => parsePattern(template.before + template.after))
  return written as PatternTemplate
}

/** Twelve digits are twelve digits, quoted or not; any other number has lost what it was. */
function accountText(value: Value): string {
  if (value.type !== 'number') return text(value)
  if (/^\d{12}$/.test(value.source)) return value.source
  throw invalid(
    value,
    `an account id is twelve digits, and YAML reads ${value.source} as a number, which loses zeros in front.`,
    `Put it in quotes, with all its digits: "${value.source.padStart(12, '0')}".`,
  )
}

function parseRequest(value: Value | undefined, side: 'allow' | 'deny', unused: Unused): RequestConditions {
  if (!value) return NO_REQUEST_CONDITIONS
  const fields = openMap(value, ROLE_PARTS.request, { unused: UNUSED_REQUEST })
  keepUnused(unused, fields.unused)
  const thresholds = fields.find('thresholds')
  if (side === 'deny' && thresholds && !isEmpty(thresholds))
    throw invalid(thresholds, 'a deny rule has no thresholds.', 'Put them under allow.')
  const maxDuration = fields.find('max_duration')
  const reason = fields.find('reason')
  return {
    roles: patterns(fields.find('roles')),
    claimsToRoles: parseClaims(fields.find('claims_to_roles')),
    searchAsRoles: parseRoleNames(fields.find('search_as_roles')),
    suggestedReviewers: texts(fields.find('suggested_reviewers')),
    thresholds: itemsOf(thresholds, 'a list of thresholds').map(parseThreshold),
    ...(maxDuration && !isZero(maxDuration) ? { maxDuration: parseMaxDuration(maxDuration) } : {}),
    annotations: parseAnnotations(fields.find('annotations')),
    ...(reason ? { reason: parseReason(reason) } : {}),
  }
}

const parseClaims = (value: Value | undefined): readonly ClaimMapping[] =>
  itemsOf(value, 'a list of claim, value and roles').map((item) => {
    const fields = openMap(item, ROLE_PARTS.claim)
    const wanted = fields.get('value')
    return {
      claim: text(fields.get('claim'), { max: 255 }),
      value: pattern(text(wanted), wanted),
      roles: itemsOf(fields.get('roles'), 'a list of texts').map(claimedRole),
    }
  })

function claimedRole(value: Value): Pattern {
  const written = text(value)
  if (/\$(?:\d|\{)/.test(written))
    throw invalid(value, 'what a value matched is not put into names of roles.', 'Write one mapping for each value.')
  return pattern(written, value)
}

const isZero = (value: Value): boolean => value.type === 'text' && duration(value) === 0

function parseMaxDuration(value: Value): Duration {
  const length = positive(value)
  if (length > MAX_ACCESS_DURATION) throw invalid(value, 'it is longer than 14 days.', 'Write at most 14d.')
  return length
}

function parseAnnotations(value: Value | undefined): RequestConditions['annotations'] {
  for (const [, inner] of entriesOf(value))
    for (const one of oneOrMore(inner)) if (hasTemplate(one) && !readTemplate(one)) throw wrongTemplate(inner)
  return traits(value)
}

const wrongTemplate = (at: Position): DomainError =>
  invalid(at, 'what stands in braces is not read.', 'Write one trait, such as {{external.team}}.')

function parseReason(value: Value): NonNullable<RequestConditions['reason']> {
  const fields = openMap(value, ROLE_PARTS.reason)
  const mode = fields.find('mode')
  return {
    mode: mode ? oneOf(mode, ['', ...REASON_MODES]) || 'optional' : 'optional',
    prompt: textOr(fields.find('prompt'), ''),
  }
}

function parseThreshold(value: Value): Threshold {
  if (value.type !== 'map') throw wrongType(value, 'a threshold with name, approve and deny')
  const fields = openMap(value, ROLE_PARTS.threshold)
  const approve = fields.find('approve')
  const deny = fields.find('deny')
  return {
    name: textOr(fields.find('name'), '', 255),
    approve: approve ? wholeNumber(approve, MAX_THRESHOLD) : 1,
    deny: deny ? wholeNumber(deny, MAX_THRESHOLD) : 1,
    ...condition('filter', fields.find('filter'), THRESHOLD_SCOPE),
  }
}

function parseReview(value: Value | undefined): ReviewConditions {
  if (!value) return NO_CONDITIONS.reviewRequests
  const fields = openMap(value, ROLE_PARTS.review)
  return {
    roles: patterns(fields.find('roles')),
    claimsToRoles: parseClaims(fields.find('claims_to_roles')),
    previewAsRoles: parseRoleNames(fields.find('preview_as_roles')),
    ...condition('where', fields.find('where'), REVIEW_WHERE_SCOPE),
  }
}

function parseRule(value: Value, warnings: DocumentWarning[]): Rule {
  const fields = openMap(value, [...ROLE_PARTS.rule, 'actions'])
  const resources = itemsOf(fields.get('resources'), 'a list of kinds')
  const verbs = itemsOf(fields.get('verbs'), 'a list of verbs')
  const actions = fields.find('actions')
  for (const resource of resources) warnOfKind(resource, warnings)
  if (actions && !isEmpty(actions)) warnings.push({ field: actions.path, line: actions.line, message: 'not used here' })
  return {
    resources: resources.map((resource) => text(resource, { max: 255 })),
    verbs: verbs.map((verb) => oneOf(verb, ['*', ...VERBS])),
    ...condition('where', fields.find('where'), RULE_SCOPE),
    ...(actions && !isEmpty(actions) ? { actions: texts(actions) } : {}),
  }
}

/** The described product has many kinds that do not exist here: a team's files may name them. */
function warnOfKind(value: Value, warnings: DocumentWarning[]): void {
  const kind = text(value, { max: 255 })
  if (kind === '*' || RULE_KINDS.some((known) => known === kind)) return
  const meant = suggest(kind, RULE_KINDS)
  const message = `there are no records of kind "${kind.slice(0, 60)}" here${meant ? `; did you mean "${meant}"?` : ''}`
  warnings.push({ field: value.path, line: value.line, message })
}
