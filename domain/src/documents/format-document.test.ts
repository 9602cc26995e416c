import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { days, hours, milliseconds, minutes } from '../kernel/instant.ts'
import { parsePattern } from '../kernel/pattern.ts'
import { parsePredicate } from '../predicates/predicate.ts'
import { LABELS_SCOPE, RULE_SCOPE, THRESHOLD_SCOPE } from '../predicates/scopes.ts'
import { VERBS } from '../roles/role.ts'
import { aRole, generate, roleName } from '../testing/index.ts'
import type { Document, RoleDocument } from './document.ts'
import { formatDocument } from './format-document.ts'
import { parseDocuments } from './parse-documents.ts'

const names = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._@:+=,-]{0,12}$/).filter((name) => !(name in {}))
const words = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((word) => isPlain(word))
const isPlain = (word: string): boolean => /^[^\p{C}\p{Zl}\p{Zp}\ufffd]*$/u.test(word)
const keys = fc.oneof(names, fc.constant('teleport.dev/origin'), fc.constant('*'))
const labelMaps = fc.dictionary(
  keys.filter((key) => key !== '*'),
  words,
  { noNullPrototype: true, maxKeys: 3 },
)
const traitMaps = fc.dictionary(names, fc.array(words, { maxLength: 3 }), { noNullPrototype: true, maxKeys: 3 })
const roleNames = fc.uniqueArray(names.map(roleName), { maxLength: 3 })
const durations = fc.oneof(
  fc.integer({ min: 1, max: 14 * 86_400_000 }).map(milliseconds),
  fc.constantFrom(hours(8), days(4), minutes(90)),
)
const pattern = fc.oneof(names, fc.constantFrom('*', 'prod-*', '^a|b$')).map(parsePattern)
const filters = fc
  .constantFrom('contains(reviewer.roles, "lead")', "review.reason != ''")
  .map((text) => parsePredicate(text, THRESHOLD_SCOPE))
const claims = fc.array(
  fc.record({ claim: names, value: pattern, roles: fc.array(pattern, { minLength: 1, maxLength: 2 }) }),
  {
    maxLength: 2,
  },
)
const rules = fc.array(
  fc.record(
    {
      resources: fc.array(names, { minLength: 1, maxLength: 2 }),
      verbs: fc.array(fc.constantFrom('*', ...VERBS), { minLength: 1, maxLength: 2 }),
      where: fc.constant(parsePredicate('resource.metadata.name != "a"', RULE_SCOPE)),
    },
    { requiredKeys: ['resources', 'verbs'] },
  ),
  { maxLength: 2 },
)
const grants = fc.record({ roles: roleNames, traits: traitMaps })

const roleDocuments: fc.Arbitrary<RoleDocument> = fc
  .record({
    name: names,
    labels: labelMaps,
    description: words,
    ttl: durations,
    appLabels: fc.option(fc.dictionary(names, fc.array(pattern), { noNullPrototype: true, maxKeys: 2 }), {
      nil: undefined,
    }),
    requested: fc.array(pattern, { maxLength: 2 }),
    searchAsRoles: roleNames,
    thresholds: fc.array(
      fc.record(
        { name: names, approve: fc.nat(5), deny: fc.nat(5), filter: filters },
        { requiredKeys: ['name', 'approve', 'deny'] },
      ),
      { maxLength: 2 },
    ),
    maxDuration: durations,
    claims,
    rules,
    prompt: words,
    flags: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    unused: fc.option(fc.constant({ 'options.cert_format': 'x', 'deny.logins': ['root', '07'] }), { nil: {} }),
  })
  .map((input) => {
    const { revision: _, ...plain } = aRole(input.name, {
      labels: input.labels,
      description: input.description,
      unused: input.unused,
      allow: {
        ...(input.appLabels ? { appLabels: input.appLabels } : {}),
        ...(input.flags[1] ? { appLabelsExpression: parsePredicate('labels["a"] == "b"', LABELS_SCOPE) } : {}),
        assignments: input.requested.map((account) => [account, '*']),
        request: {
          roles: input.requested,
          searchAsRoles: input.searchAsRoles,
          thresholds: input.thresholds,
          maxDuration: input.maxDuration,
          claimsToRoles: input.claims,
          annotations: { pager: ['{{external.pager}}', 'night'] },
          reason: { mode: 'required', prompt: input.prompt },
        },
        reviewRequests: input.requested,
        rules: input.rules,
      },
      options: {
        maxSessionTtl: input.ttl,
        requireSessionMfa: input.flags[0],
        deviceTrustMode: input.flags[1] ? 'required' : 'off',
        requestAccess: 'reason',
        requestPrompt: input.prompt,
        samlIdpEnabled: input.flags[2],
      },
    })
    return { kind: 'role', ...plain }
  })

const userDocuments = fc.record({
  kind: fc.constant('user'),
  name: names.map((name) => `u${name.replaceAll(/[:,]/g, '_')}`),
  labels: labelMaps,
  roles: roleNames,
  traits: traitMaps,
})

const owners = fc.uniqueArray(
  fc.record({ kind: fc.constantFrom('user', 'list'), name: fc.stringMatching(/^[a-z0-9]{1,8}$/), description: words }),
  { selector: ({ kind, name }) => `${kind} ${name}`, maxLength: 3 },
)
const memberEntries = fc.uniqueArray(
  fc.record(
    {
      kind: fc.constantFrom('user', 'list'),
      name: fc.stringMatching(/^[a-z0-9]{1,8}$/).filter((name) => name !== 'system'),
      expires: generate.instants(),
      reason: words,
    },
    { requiredKeys: ['kind', 'name', 'reason'] },
  ),
  { selector: ({ kind, name }) => `${kind} ${name}`, maxLength: 3 },
)
const listDocuments = fc.record(
  {
    kind: fc.constant('access_list'),
    name: names,
    title: fc.stringMatching(/^[A-Za-z][A-Za-z0-9 :#'-]{0,8}[a-z]$/),
    description: words,
    type: fc.constantFrom('', 'static', 'scim'),
    labels: labelMaps,
    owners: owners.filter((entries) => entries.every(({ name }) => name !== 'system')),
    members: memberEntries,
    membershipRequires: grants,
    ownershipRequires: grants,
    grants,
    ownerGrants: grants,
    audit: fc.record(
      {
        frequencyMonths: fc.constantFrom(1, 3, 6, 12),
        dayOfMonth: fc.constantFrom(1, 15, 31),
        nextAuditDate: generate.instants(),
        notifyBefore: fc.nat(1000).map(hours),
        suspendAfter: fc.nat(1000).map(hours),
        requiredReviewers: fc.integer({ min: 1, max: 10 }),
      },
      { requiredKeys: ['frequencyMonths', 'dayOfMonth', 'notifyBefore', 'requiredReviewers'] },
    ),
    escalation: fc.record({
      after: fc.integer({ min: 1, max: 1000 }).map(hours),
      to: fc.array(
        fc.record({
          kind: fc.constantFrom('user', 'list'),
          name: fc.stringMatching(/^[a-z0-9]{1,8}$/).filter((name) => name !== 'system'),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    }),
  },
  {
    requiredKeys: [
      'kind',
      'name',
      'title',
      'description',
      'type',
      'labels',
      'owners',
      'membershipRequires',
      'ownershipRequires',
      'grants',
      'ownerGrants',
      'audit',
    ],
  },
)

const memberDocuments = fc.record(
  {
    kind: fc.constant('access_list_member'),
    list: names,
    member: fc.oneof(
      fc.record({ kind: fc.constantFrom('user', 'list'), name: fc.stringMatching(/^[a-z0-9]{1,8}$/) }),
      fc.record({ kind: fc.constant('aws-only'), name: fc.constant('zoe@acme.example'), awsUser: names }),
    ),
    expires: generate.instants(),
    reason: words,
  },
  { requiredKeys: ['kind', 'list', 'member', 'reason'] },
)

const lockDocuments = fc.record(
  {
    kind: fc.constant('lock'),
    name: names,
    target: fc.oneof(
      fc.record({ kind: fc.constant('user'), user: fc.stringMatching(/^[a-z0-9]{1,5}$/) }),
      fc.record({ kind: fc.constant('role'), role: names }),
      fc.record({ kind: fc.constant('access-request'), request: names }),
    ),
    message: words,
    expires: generate.instants(),
  },
  { requiredKeys: ['kind', 'name', 'target', 'message'] },
)

it('reads back every document that it writes', () => {
  const any = fc.oneof(roleDocuments, userDocuments, listDocuments, memberDocuments, lockDocuments)
  fc.assert(
    fc.property(any, (written) => {
      const document = written as Document // the generators make what the types can't say: names that were parsed
      expect(parseDocuments(formatDocument(document))[0]?.document).toEqual(document)
    }),
    { numRuns: 500 },
  )
})
