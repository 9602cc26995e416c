import { z } from 'zod'

/** One policy, with every "one or many" of the JSON form made a list and every element given its own place. */
export interface PolicyDocument {
  readonly version: '2012-10-17' | '2008-10-17'
  readonly statements: readonly Statement[]
}

export interface Statement {
  readonly sid: string | undefined
  readonly effect: 'Allow' | 'Deny'
  readonly actions: Selection
  /** Absent in trust policies: the role is the resource. */
  readonly resources: Selection | undefined
  /** Absent in identity-based policies: whoever holds the policy is the principal. */
  readonly principals: PrincipalSelection | undefined
  readonly conditions: readonly Condition[]
}

/** `Action` or `NotAction`, `Resource` or `NotResource`: patterns, or everything but what they match. */
export interface Selection {
  readonly patterns: readonly string[]
  readonly inverted: boolean
}

export interface PrincipalSelection {
  readonly principals: readonly Principal[]
  readonly inverted: boolean
}
export interface Principal {
  readonly type: 'AWS' | 'Federated' | 'Service' | 'CanonicalUser' | '*'
  readonly value: string
}

export interface Condition {
  readonly quantifier: 'ForAnyValue' | 'ForAllValues' | undefined
  readonly operator: ConditionOperator
  readonly ifExists: boolean
  /** As written; keys are compared whatever their case. */
  readonly key: string
  readonly values: readonly string[]
}

const CONDITION_OPERATORS = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'NumericEquals',
  'NumericNotEquals',
  'NumericLessThan',
  'NumericLessThanEquals',
  'NumericGreaterThan',
  'NumericGreaterThanEquals',
  'DateEquals',
  'DateNotEquals',
  'DateLessThan',
  'DateLessThanEquals',
  'DateGreaterThan',
  'DateGreaterThanEquals',
  'Bool',
  'BinaryEquals',
  'IpAddress',
  'NotIpAddress',
  'ArnEquals',
  'ArnNotEquals',
  'ArnLike',
  'ArnNotLike',
  'Null',
] as const
export type ConditionOperator = (typeof CONDITION_OPERATORS)[number]

/** What IAM says of a policy that it does not take; callers turn it into MalformedPolicyDocument (400). */
export class MalformedPolicy extends Error {}

/** A policy of a user, a role or a session. @throws MalformedPolicy */
export function parseIdentityPolicy(text: string): PolicyDocument {
  const document = parsePolicyDocument(text)
  for (const statement of document.statements) {
    if (statement.principals) throw new MalformedPolicy('Policy document should not specify a principal.')
    if (!statement.resources) throw new MalformedPolicy('Policy statement must contain resources.')
    for (const pattern of statement.resources.patterns) assertResource(pattern)
    for (const pattern of statement.actions.patterns) assertAction(pattern)
  }
  return document
}

/** The policy that says who may assume a role. @throws MalformedPolicy */
export function parseTrustPolicy(text: string): PolicyDocument {
  const document = parsePolicyDocument(text)
  for (const statement of document.statements) {
    if (statement.resources) throw new MalformedPolicy('Has prohibited field Resource')
    if (!statement.principals) throw new MalformedPolicy('Missing required field Principal')
    for (const pattern of statement.actions.patterns) assertAction(pattern)
    if (!statement.actions.patterns.every((pattern) => /^sts:/i.test(pattern))) {
      throw new MalformedPolicy('AssumeRole policy may only specify STS AssumeRole actions.')
    }
    for (const principal of statement.principals.principals) assertPrincipal(principal)
  }
  return document
}

const SYNTAX_ERRORS = 'Syntax errors in policy.'
const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat())
const conditionValue = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const conditionValues = z.union([conditionValue, z.array(conditionValue)]).transform((value) => [value].flat())
const principal = z.union([
  z.literal('*'),
  z.partialRecord(z.enum(['AWS', 'Federated', 'Service', 'CanonicalUser']), texts),
])
const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts.optional(),
  NotAction: texts.optional(),
  Resource: texts.optional(),
  NotResource: texts.optional(),
  Principal: principal.optional(),
  NotPrincipal: principal.optional(),
  Condition: z.record(z.string(), z.record(z.string(), conditionValues)).optional(),
})
const documentSchema = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).default('2008-10-17'),
  Id: z.string().optional(),
  Statement: z.union([statementSchema, z.array(statementSchema).min(1)]).transform((value) => [value].flat()),
})
type RawStatement = z.infer<typeof statementSchema>

function parsePolicyDocument(text: string): PolicyDocument {
  const parsed = documentSchema.safeParse(parseJson(text))
  if (!parsed.success) throw new MalformedPolicy(SYNTAX_ERRORS)
  const statements = parsed.data.Statement.map(toStatement)
  const sids = statements.flatMap(({ sid }) => (sid ? [sid] : []))
  if (new Set(sids).size < sids.length) {
    throw new MalformedPolicy('Statement IDs (SID) in a single policy must be unique.')
  }
  return { version: parsed.data.Version, statements }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new MalformedPolicy('This policy contains invalid Json')
  }
}

function toStatement(raw: RawStatement): Statement {
  const actions = toSelection(raw.Action, raw.NotAction)
  if (!actions) throw new MalformedPolicy('Policy statement must contain actions.')
  if (raw.Sid !== undefined && !/^[0-9A-Za-z]*$/.test(raw.Sid)) {
    throw new MalformedPolicy(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    )
  }
  if (raw.Principal !== undefined && raw.NotPrincipal !== undefined) throw new MalformedPolicy(SYNTAX_ERRORS)
  const principals = raw.Principal ?? raw.NotPrincipal
  return {
    sid: raw.Sid,
    effect: raw.Effect,
    actions,
    resources: toSelection(raw.Resource, raw.NotResource),
    principals: principals && {
      principals: toPrincipals(principals),
      inverted: raw.NotPrincipal !== undefined,
    },
    conditions: Object.entries(raw.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({ ...parseOperator(operator), key, values })),
    ),
  }
}

function toSelection(patterns: string[] | undefined, excluded: string[] | undefined): Selection | undefined {
  if (patterns && excluded) throw new MalformedPolicy(SYNTAX_ERRORS)
  if (patterns) return { patterns, inverted: false }
  return excluded && { patterns: excluded, inverted: true }
}

function toPrincipals(raw: z.infer<typeof principal>): Principal[] {
  if (raw === '*') return [{ type: '*', value: '*' }]
  const types = ['AWS', 'Federated', 'Service', 'CanonicalUser'] as const
  return types.flatMap((type) => (raw[type] ?? []).map((value) => ({ type, value })))
}

function parseOperator(text: string): Pick<Condition, 'quantifier' | 'operator' | 'ifExists'> {
  const [, quantifier, name = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(text) ?? []
  const operator = CONDITION_OPERATORS.find((known) => known.toLowerCase() === name.toLowerCase())
  if (!operator || (operator === 'Null' && ifExists)) throw new MalformedPolicy(`Invalid Condition type : ${text}.`)
  return {
    quantifier: quantifier === 'ForAnyValue' || quantifier === 'ForAllValues' ? quantifier : undefined,
    operator,
    ifExists: ifExists !== undefined,
  }
}

function assertAction(pattern: string): void {
  if (pattern === '*' || /^[\w*?-]+:[\w*?]+$/.test(pattern)) return
  if (!pattern.includes(':')) {
    throw new MalformedPolicy('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.')
  }
  throw new MalformedPolicy(`Vendor or action in "${pattern}" is not valid.`)
}

function assertResource(pattern: string): void {
  if (pattern === '*' || /^(arn|\*)(:[^:]*){2,}$|^arn:\*$/s.test(pattern)) return
  throw new MalformedPolicy(`Resource ${pattern} must be in ARN format or "*".`)
}

/** Roles trust accounts, principals by ARN, providers and services; anything else is a slip worth hearing about. */
function assertPrincipal({ type, value }: Principal): void {
  const forms = {
    '*': /^\*$/,
    AWS: /^(\*|\d{12}|arn:[\w-]+:(iam|sts)::(\d{12}|cloudfront):.+|A[A-Z]{3}[A-Z0-9]{12,})$/,
    Federated: /^(arn:[\w-]+:iam::\d{12}:(oidc-provider|saml-provider)\/.+|[\w.-]+\.[a-z]+)$/,
    Service: /^[\w.-]+\.amazonaws\.com(\.cn)?$/,
    CanonicalUser: /^[0-9a-f]{64}$/,
  }
  if (!forms[type].test(value)) throw new MalformedPolicy(`Invalid principal in policy: "${type}":"${value}"`)
}
