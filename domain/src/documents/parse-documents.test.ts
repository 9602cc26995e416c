import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DomainError, explain, type Problem } from '../kernel/problems.ts'
import type { Document } from './document.ts'
import { formatDocument } from './format-document.ts'
import { parseDocuments } from './parse-documents.ts'

const read = (text: string): Document => {
  const [first] = parseDocuments(text)
  if (!first) throw new Error('no document')
  return first.document
}
const problemOf = (text: string): Problem => {
  try {
    parseDocuments(text)
  } catch (error) {
    if (error instanceof DomainError) return error.problem
    throw error
  }
  throw new Error('it was accepted')
}
const role = (spec: string): string => `kind: role\nversion: v8\nmetadata:\n  name: tester\nspec:\n${spec}`

describe('the guide’s role', () => {
  const GUIDE = `kind: role
version: v8
metadata:
  name: identity-center-access
spec:
  allow:
    app_labels:
      'teleport.dev/origin': 'aws-identity-center'
    account_assignments:
    - account: "<account_id>" # AWS identity center account ID
      # permission set ARN of AdministratorAccess
      permission_set: arn:aws:sso:::permissionSet/ssoins-1234/ps-5678
    - account: "<account_id>"
      permission_set: arn:aws:sso:::permissionSet/ssoins-1234/ps-8765
`
  it('is read as it stands', () => {
    expect(read(GUIDE)).toMatchObject({
      kind: 'role',
      name: 'identity-center-access',
      allow: {
        appLabels: { 'teleport.dev/origin': ['aws-identity-center'] },
        accountAssignments: [{ account: '<account_id>' }, { account: '<account_id>' }],
      },
    })
  })
  it('says that its indentation is gone when it was pasted flat', () => {
    const flat = GUIDE.split('\n')
      .map((line) => line.trimStart())
      .join('\n')
    expect(explain(problemOf(flat)).message).toContain('line 4')
    expect(explain(problemOf(flat)).message).toContain('the indentation is gone')
  })
  it('given twice, the second replaces the first', () => {
    const second =
      'kind: role\nmetadata: {name: Identity-Center-Access}\nspec: {allow: {app_labels: {env: [dev, test]}}}\n'
    const documents = parseDocuments(`${GUIDE}---\n${second}`)
    expect(documents).toHaveLength(1)
    expect(documents[0]?.document).toMatchObject({ allow: { appLabels: { env: ['dev', 'test'] } } })
  })
})

describe('what is refused', () => {
  it.each([
    ['an unknown key', role('  allow:\n    app_lables: {}'), 'unknown-field', 'spec.allow.app_lables', 7, 'app_labels'],
    ['a misspelt section', role('  alow: {}'), 'unknown-field', 'spec.alow', 6, 'allow'],
    ['one with lines below it', role('  alow:\n    app_labels: {}'), 'unknown-field', 'spec.alow', 6, 'allow'],
  ])('%s, with place and suggestion', (_, text, code, field, line, suggestion) => {
    expect(problemOf(text)).toMatchObject({ code, field, line, suggestion })
  })
  it.each([
    ['a list where a map belongs', role('  allow: []'), 'spec.allow'],
    ['a number where a text belongs', 'kind: role\nmetadata: {name: 7}\nspec: {}', 'metadata.name'],
    ['a label wildcard with a value', role("  allow: {app_labels: {'*': prod}}"), 'spec.allow.app_labels["*"]'],
    ['more than 14 days', role('  allow: {request: {max_duration: 15d}}'), 'spec.allow.request.max_duration'],
    ['thresholds of a deny', role('  deny: {request: {thresholds: [{approve: 2}]}}'), 'spec.deny.request.thresholds'],
    [
      'an expression that does not compile',
      role("  allow: {request: {roles: ['^a(?=b)$']}}"),
      'spec.allow.request.roles[0]',
    ],
    [
      'a glob among the roles to search as',
      role("  allow: {request: {search_as_roles: ['*']}}"),
      'spec.allow.request.search_as_roles[0]',
    ],
    ['a key that stands there twice', role('  allow: {}\n  allow: {}'), 'spec.allow'],
    ['a version that does not exist', 'kind: role\nversion: v9\nmetadata: {name: a}\nspec: {}', 'version'],
    [
      'a missing entry',
      role('  allow: {account_assignments: [{account: "*"}]}'),
      'spec.allow.account_assignments[0].permission_set',
    ],
    [
      'a negative threshold',
      role('  allow: {request: {thresholds: [{approve: -1}]}}'),
      'spec.allow.request.thresholds[0].approve',
    ],
    ['an alias', role('  allow: &a {request: {roles: [x]}}\n  deny: *a'), 'spec.deny'],
    [
      'a control character behind an escape',
      'kind: role\nmetadata: {name: a, description: "\\e[31m"}\nspec: {}',
      'metadata.description',
    ],
    ['an access request', 'kind: access_request\nmetadata: {name: x}\nspec: {}', 'kind'],
    ['an unknown kind', 'kind: rol\nmetadata: {name: x}\nspec: {}', 'kind'],
    ['a lock with two targets', 'kind: lock\nmetadata: {name: x}\nspec: {target: {user: a, role: b}}', 'spec.target'],
    ['a title of two lines', 'kind: access_list\nmetadata: {name: x}\nspec: {title: "a\\nb"}', 'spec.title'],
    [
      'a frequency that is none',
      'kind: access_list\nmetadata: {name: x}\nspec: {title: a, audit: {recurrence: {frequency: 5months}}}',
      'spec.audit.recurrence.frequency',
    ],
    [
      'a suspension after years',
      'kind: access_list\nmetadata: {name: x}\nspec: {title: a, audit: {suspend_after: 1000d}}',
      'spec.audit.suspend_after',
    ],
    [
      'an escalation to nobody',
      'kind: access_list\nmetadata: {name: x}\nspec: {title: a, audit: {escalate_after: 72h}}',
      'spec.audit.escalate_after',
    ],
    [
      'an escalation at no time',
      'kind: access_list\nmetadata: {name: x}\nspec: {title: a, audit: {escalate_to: [{name: ana@acme.example}]}}',
      'spec.audit.escalate_to',
    ],
    [
      'a review by nobody',
      'kind: access_list\nmetadata: {name: x}\nspec: {title: a, audit: {required_reviewers: 0}}',
      'spec.audit.required_reviewers',
    ],
    [
      'a key that every object has',
      'kind: user\nmetadata: {name: x}\nspec: {traits: {__proto__: [a]}}',
      'spec.traits.__proto__',
    ],
    ['nothing', '# only a comment\n', 'document'],
  ])('%s, with its place', (_, text, field) => {
    expect(problemOf(text)).toMatchObject({ code: 'invalid-document', field })
  })
  it.each([
    ['a lock on a device', 'kind: lock\nmetadata: {name: x}\nspec: {target: {device: a}}'],
    ['an end of a user', 'kind: user\nmetadata: {name: x}\nspec: {expires: "2030-01-01T00:00:00Z"}'],
  ])('%s, because it comes later, and is never ignored', (_, text) => {
    expect(problemOf(text)).toMatchObject({ code: 'not-supported-yet' })
  })
  it.each([
    [
      'of reviewing',
      role('  allow:\n    review_requests:\n      roles: [a]\n      where: "x == 1"'),
      'line 9, spec.allow.review_requests.where: column 6: there are no numbers',
    ],
    [
      'of a threshold',
      role('  allow: {request: {thresholds: [{filter: "contains(reviewer.role, \'a\')"}]}}'),
      'line 6, spec.allow.request.thresholds[0].filter: column 10: there is no "reviewer.role"',
    ],
    [
      'on labels',
      role('  deny:\n    app_labels_expression: labels["env"] = "dev"'),
      'line 7, spec.deny.app_labels_expression: column 15: a single = compares nothing.',
    ],
    [
      'of a review where it is not known yet',
      role('  allow: {review_requests: {where: "review.reason != \'\'"}}'),
      'line 6, spec.allow.review_requests.where: column 1: there is no "review.reason"',
    ],
  ])('a condition %s that is wrong, with path, line and column', (_, text, expected) => {
    expect(explain(problemOf(text)).message).toContain(expected)
  })
  it.each(['value: "{{external.team}}", roles: [a]', 'value: a, roles: ["{{external.team}}"]'])(
    'a template in a mapping of claims, which names a trait already: %s',
    (mapping) => {
      const text = role(`  allow: {request: {claims_to_roles: [{claim: team, ${mapping}}]}}`)
      expect(problemOf(text)).toMatchObject({ code: 'not-supported-yet' })
    },
  )
  it.each([
    ['of something else', '{{logins}}'],
    ['that is not closed', '{{external.team'],
    ['beside another one', '{{external.a}}{{external.b}}'],
    ['with a function', '{{regexp.replace(external.a, "b", "c")}}'],
    ['inside an expression', '^{{external.team}}$'],
  ])('a template %s, with its place', (_, account) => {
    const text = role(`  deny: {account_assignments: [{account: '${account}', permission_set: "*"}]}`)
    expect(problemOf(text)).toMatchObject({ field: 'spec.deny.account_assignments[0].account', line: 6 })
  })
  it.each([
    ['without verbs', '{resources: [role]}', 'spec.allow.rules[0].verbs'],
    ['with an unknown verb', '{resources: [role], verbs: [write]}', 'spec.allow.rules[0].verbs[0]'],
    ['with an unknown key', '{resources: [role], verbs: [list], were: "true"}', 'spec.allow.rules[0].were'],
    ['with a wrong condition', '{resources: [role], verbs: [list], where: "labels.a"}', 'spec.allow.rules[0].where'],
  ])('a rule %s, with its place', (_, rule, field) => {
    expect(problemOf(role(`  allow: {rules: [${rule}]}`))).toMatchObject({ field, line: 6 })
  })
  it('no rule for a kind that does not exist here: it is kept, with a warning and a suggestion', () => {
    const [parsed] = parseDocuments(
      role('  allow: {rules: [{resources: [node, acces_list], verbs: ["*"], actions: [x]}]}'),
    )
    expect(parsed?.document).toMatchObject({ allow: { rules: [{ resources: ['node', 'acces_list'], verbs: ['*'] }] } })
    expect(parsed?.warnings.map(({ field }) => field)).toEqual([
      'spec.allow.rules[0].resources[0]',
      'spec.allow.rules[0].resources[1]',
      'spec.allow.rules[0].actions',
    ])
    expect(parsed?.warnings[1]?.message).toContain('did you mean "access_list"?')
  })
  it('names of roles with a place for what a claim matched', () => {
    const text = role('  allow: {request: {claims_to_roles: [{claim: team, value: "^(.*)$", roles: ["dev-$1"]}]}}')
    expect(problemOf(text)).toMatchObject({ field: 'spec.allow.request.claims_to_roles[0].roles[0]' })
  })
  it('a role of one’s own with a name that a system role has', () => {
    expect(problemOf('kind: role\nmetadata: {name: Admin-on-prod-111111111111}\nspec: {}').code).toBe('system-role')
  })
  it('tabs, explained', () => {
    expect(explain(problemOf('kind: role\nmetadata:\n\tname: x\n')).message).toContain('tab')
  })
  it('odd encodings and what is too large', () => {
    expect(problemOf('k\u0000i\u0000n\u0000d\u0000').code).toBe('invalid-document')
    expect(problemOf('kind: role # \ufffd').code).toBe('invalid-document')
    expect(problemOf('kind: role # \u202e').code).toBe('invalid-document')
    expect(problemOf('kind: role # \ud800').code).toBe('invalid-document')
    expect(problemOf('x'.repeat(5_000_000)).code).toBe('too-large')
  })
  it.each([
    ['brackets', '['.repeat(500_000)],
    ['blocks', '- '.repeat(500_000)],
    ['maps', Array.from({ length: 1400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['keys', Array.from({ length: 90_000 }, (_, index) => `a${index}: 1`).join('\n')],
    ['documents', '--- {}\n'.repeat(140_000)],
  ])('a million %s, in seconds', (_, text) => {
    const start = performance.now()
    expect(problemOf(text.slice(0, 1_000_000)).code).toMatch(/invalid-document|unknown-field/)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

describe('account ids', () => {
  it('twelve digits are taken as written, quoted or not', () => {
    const text = role('  allow: {account_assignments: [{account: 012345678901, permission_set: "*"}]}')
    expect(read(text)).toMatchObject({ allow: { accountAssignments: [{ account: '012345678901' }] } })
  })
  it('a number that has lost its zeros is refused, and quotes are the remedy', () => {
    const text = role('  allow: {account_assignments: [{account: 12345678901, permission_set: "*"}]}')
    expect(explain(problemOf(text)).remedy).toContain('"012345678901"')
  })
})

it('keeps what means nothing here, and says so', () => {
  const text = role(
    '  options: {cert_format: standard}\n  allow: {logins: [root], db_names: ["*"], request: {kubernetes_resources: []}}',
  )
  const [parsed] = parseDocuments(text)
  expect(parsed?.document).toMatchObject({
    unused: { 'options.cert_format': 'standard', 'allow.logins': ['root'], 'allow.db_names': ['*'] },
  })
  expect(parsed?.warnings.map(({ field, message }) => `${field} ${message}`)).toContain(
    'spec.allow.logins not used here',
  )
})

it('warns of a role that asks for a factor which nobody can show yet', () => {
  const [parsed] = parseDocuments(role('  options: {require_session_mfa: true, device_trust_mode: required}'))
  expect(parsed?.warnings).toHaveLength(2)
})

it('reads JSON and lists of documents', () => {
  const user = (name: string): object => ({
    kind: 'user',
    version: 'v2',
    metadata: { name },
    spec: { roles: ['access'] },
  })
  expect(parseDocuments(JSON.stringify([user('a@b.example'), user('c@d.example')], null, '\t'))).toHaveLength(2)
})

it('answers garbage with a problem that has a remedy, never with anything else', () => {
  const fragment = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'kind: role\n',
      'metadata:\n',
      '  name: x\n',
      'spec:\n',
      '  allow: ',
      '- ',
      '? ',
      '!!map ',
      '&a ',
      '*a',
      '{',
      ']',
      '|\n',
      '"',
      "'",
      '%YAML 1.1\n',
      '---\n',
      '...\n',
      '<<: ',
      '\t',
      '.nan',
      '0x1F',
      '2020-01-01',
      '~',
    ),
  )
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 12 }), (parts) => {
      try {
        parseDocuments(parts.join(''))
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError)
        if (error instanceof DomainError) expect(explain(error.problem).remedy).not.toBe('')
      }
    }),
    { numRuns: 2000 },
  )
})

it('answers any value under any key with a problem or a document', () => {
  const place = fc.constantFrom(
    'metadata.name',
    'metadata.labels',
    'metadata.description',
    'spec.options',
    'spec.options.max_session_ttl',
    'spec.options.idp',
    'spec.allow',
    'spec.allow.app_labels',
    'spec.allow.app_labels_expression',
    'spec.allow.account_assignments',
    'spec.allow.request',
    'spec.allow.request.reason',
    'spec.allow.request.thresholds',
    'spec.allow.request.claims_to_roles',
    'spec.allow.rules',
    'spec.allow.request.annotations',
    'spec.allow.review_requests',
    'spec.title',
    'spec.owners',
    'spec.audit',
    'spec.audit.recurrence',
    'spec.grants',
    'spec.traits',
    'spec.roles',
    'spec.target',
    'spec.access_list',
    'spec.expires',
  )
  const kinds = fc.constantFrom('role', 'user', 'access_list', 'access_list_member', 'lock')
  fc.assert(
    fc.property(kinds, place, fc.json({ maxDepth: 3 }), (kind, path, json) => {
      const document = { kind, metadata: { name: 'x' }, spec: { title: 't', access_list: 'x', target: { user: 'x' } } }
      if (kind !== 'access_list') Reflect.deleteProperty(document.spec, 'title')
      if (kind !== 'access_list_member') Reflect.deleteProperty(document.spec, 'access_list')
      if (kind !== 'lock') Reflect.deleteProperty(document.spec, 'target')
      let at: Record<string, unknown> = document
      const steps = path.split('.')
      for (const step of steps.slice(0, -1)) at = (at[step] ??= {}) as Record<string, unknown>
      at[steps.at(-1) ?? ''] = JSON.parse(json)
      try {
        const [parsed] = parseDocuments(JSON.stringify(document))
        if (parsed) expect(read(formatDocument(parsed.document))).toEqual(parsed.document)
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError)
      }
    }),
    { numRuns: 2000 },
  )
})

it('reads the older name of a list that is reviewed as what it is called now', () => {
  const [list] = parseDocuments('kind: access_list\nmetadata: {name: x}\nspec: {title: a, type: dynamic}')
  expect(list?.document).toMatchObject({ type: '' })
})
