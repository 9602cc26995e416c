import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { flag, name, page, pageQuery, prose, time } from './fields.ts'
import { accountRowSchema, filters, organizationSchema, scimTokenField, startUrl, url } from './organizations.ts'

const params = z.strictObject({ name: name(64) })
/** Of the enrolment as it was looked at; refused when it has another one by now. */
const revision = z.number().int().positive()
/** Installing takes `create` on the plugin, and so does everything that leads there. */
const byInstaller = { auth: 'rule', needs: { verb: 'create', kind: 'plugin' } } as const

/** Tick boxes of the set-up script. */
export const setupExtra = z.enum([
  'batch-polling',
  'permission-set-contents',
  'organization-details',
  'management-account-grants',
  'management-account-removals',
])
const identitySource = z.enum(['identity-center', 'active-directory', 'external'])
const roleArn = name(2048)

/** What is given in the course of an enrolment. */
const fields = {
  region: name(64),
  instanceArn: name(1224),
  /** What the OIDC integration is called here. */
  integration: name(64),
  /** Of the IAM role that the script makes. */
  roleName: name(64),
  /** The ARN that the script prints last. */
  roleArn: roleArn,
  useSystemCredentials: z.boolean(),
  externalId: name(1224),
  extras: z.array(setupExtra).max(5),
  /** Keeps the role's permissions to this instance. */
  scopedToInstance: z.boolean(),
  /** Users who own the lists made from AWS groups. */
  defaultOwners: z.array(name()).max(100),
  ...filters,
  rolesSyncMode: z.enum(['ALL', 'NONE']),
  hybrid: z.boolean(),
  /** Where Identity Center's people come from now. */
  identitySource: identitySource,
  /** Default: the enrolment's own name. */
  serviceProviderName: name(256),
  /** The XML that the console of Identity Center gives out. */
  serviceProviderMetadata: prose(200_000),
  scimUrl: url,
  /** Takes an address that does not look like one of AWS's. */
  forceScimUrl: z.boolean(),
  startUrl,
  portalUrl: url,
}
type Given = { readonly [Field in keyof typeof fields]: z.ZodOptional<z.ZodNullable<(typeof fields)[Field]>> }
/** Every field may be left out, which leaves it as it is, or be null, which takes it back. */
const given = Object.fromEntries(Object.entries(fields).map(([field, schema]) => [field, schema.nullish()])) as Given // each field by its own name: only the type of `fromEntries` forgets which is which
/** As answers have it: what was not given is absent, and an address that was kept before stays readable. */
const givenOut = z.object({ ...fields, startUrl: url }).partial()

const checkSchema = z.object({ ok: z.boolean(), message: z.string(), at: time, by: z.string() })

export const enrolmentSchema = z
  .object({
    /** The name that the organization will have. */
    name: z.string(),
    startedBy: z.string(),
    startedAt: time,
    changedBy: z.string(),
    changedAt: time,
    /** A change may name it, and is refused when somebody else was faster. */
    revision: z.number().int(),
    /** Whether the organization is enrolled: then verifying, access and connecting are left. */
    installed: z.boolean(),
    /** What people sign in to AWS by, once it is installed; absent while there is no such service provider. */
    serviceProvider: z.string().optional(),
    given: givenOut,
    hasScimToken: z.boolean(),
    steps: z.array(
      z.object({
        step: z.enum(['aws', 'preview', 'identity-source', 'scim', 'verify', 'access', 'connect']),
        state: z.enum(['done', 'open', 'failed', 'later']),
        message: z.string(),
        /** Fields that are still needed. */
        missing: z.array(z.string()),
        /** The last check with what is given now. */
        check: checkSchema.optional(),
      }),
    ),
  })
  .meta({ id: 'Enrolment' })
export type EnrolmentView = z.infer<typeof enrolmentSchema>

const checkPublicAddress = endpoint('GET', '/v1/enrolment/address', {
  summary: 'Whether AWS takes the public address as that of an identity provider, and if not, why not.',
  ...byInstaller,
  response: z.object({
    address: z.string(),
    /** Whether the set-up can go on: AWS takes it, or it is one for local work with a sandbox. */
    usable: z.boolean(),
    sandboxOnly: z.boolean(),
    problems: z.array(z.object({ code: z.string(), message: z.string(), remedy: z.string() })),
  }),
  status: 200,
})

const listEnrolments = endpoint('GET', '/v1/enrolments', {
  summary: 'Enrolments that were begun, by whomever.',
  ...byInstaller,
  query: z.strictObject(pageQuery),
  response: page(enrolmentSchema),
  status: 200,
})
const startEnrolment = endpoint('POST', '/v1/enrolments', {
  summary: 'Begin an enrolment; what is given is kept until it is installed or removed.',
  ...byInstaller,
  body: z.strictObject({ name: name(64).default('aws-identity-center') }),
  response: enrolmentSchema,
  status: 201,
})
const getEnrolment = endpoint('GET', '/v1/enrolments/:name', {
  summary: 'One enrolment: what was given, and where each step stands.',
  ...byInstaller,
  params,
  response: enrolmentSchema,
  status: 200,
})
const editEnrolment = endpoint('POST', '/v1/enrolments/:name', {
  summary: 'Give more, or other things, for an enrolment. Nothing is checked and nothing is done with it yet.',
  ...byInstaller,
  params,
  bodyLimit: 512 * 1024,
  body: z.strictObject({
    ...given,
    /** Kept encrypted and never given out; null takes it back. */
    scimToken: scimTokenField.nullish(),
    /** Refused when the enrolment has another one by now. */
    revision: revision.optional(),
  }),
  response: enrolmentSchema,
  status: 200,
})
const deleteEnrolment = endpoint('DELETE', '/v1/enrolments/:name', {
  summary: 'Remove an enrolment with its token. An organization that was installed by it stays.',
  ...byInstaller,
  params,
  status: 204,
})

const checkRole = endpoint('POST', '/v1/enrolments/:name/permissions', {
  summary: 'Try the pasted role, permission by permission; nothing in AWS is changed.',
  ...byInstaller,
  params,
  body: z.strictObject({ revision: revision.optional() }),
  response: z.object({
    /** Whether AWS let Gatehouse assume the role. */
    assumed: z.boolean(),
    message: z.string(),
    remedy: z.string(),
    permissions: z.array(
      z.object({
        action: z.string(),
        /** The tick box that it belongs to; absent for the guide's own. */
        extra: z.string().optional(),
        /** `unproven`: only doing it would tell, or there is nothing to try it on. */
        outcome: z.enum(['allowed', 'missing', 'unproven']),
        /** Whether it is needed: it is the guide's, or its box is ticked. */
        wanted: z.boolean(),
        message: z.string(),
      }),
    ),
    enrolment: enrolmentSchema,
  }),
  status: 200,
})

const previewQuery = {
  ...pageQuery,
  /** Part of a name or an id. */
  search: name(256).optional(),
  /** `true`: only what the filters let in; `false`: only what they keep out. */
  inside: flag.optional(),
  /** Reads AWS anew; otherwise what was read is shown for five minutes. */
  refresh: flag.default(false),
}
const counts = {
  readAt: time,
  /** Rows that AWS has, rows that fit the search, and rows of all that the filters let in. */
  total: z.number().int(),
  found: z.number().int(),
  inside: z.number().int(),
  next: z.string().optional(),
}
const setRef = z.object({ arn: z.string(), name: z.string() })

const previewAccounts = endpoint('GET', '/v1/enrolments/:name/accounts', {
  summary: 'Accounts of the organization with the permission sets that have a role in each.',
  ...byInstaller,
  params,
  query: z.strictObject(previewQuery),
  response: z.object({
    ...counts,
    /** Whether the role may read the names of organizational units, and tags. */
    unitsReadable: z.boolean(),
    tagsReadable: z.boolean(),
    /** Accounts whose units or tags are still to be read, and that are outside until then; each page reads more of them. */
    unread: z.number().int(),
    items: z.array(accountRowSchema.extend({ permissionSets: z.array(setRef) })),
  }),
  status: 200,
})
const previewGroups = endpoint('GET', '/v1/enrolments/:name/groups', {
  summary: 'Groups of Identity Center with their assignments; each that is inside becomes an access list.',
  ...byInstaller,
  params,
  query: z.strictObject({
    ...previewQuery,
    /** Names up to 200 members of each group, too: that takes reading all users. */
    memberNames: flag.default(false),
  }),
  response: z.object({
    ...counts,
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        inside: z.boolean(),
        members: z.number().int(),
        memberNames: z.array(z.string()).optional(),
        assignments: z.array(
          z.object({ account: z.object({ id: z.string(), name: z.string().optional() }), permissionSet: setRef }),
        ),
      }),
    ),
  }),
  status: 200,
})
const previewPermissionSets = endpoint('GET', '/v1/enrolments/:name/permission-sets', {
  summary: 'Permission sets of the instance.',
  ...byInstaller,
  params,
  query: z.strictObject(previewQuery),
  response: z.object({
    ...counts,
    items: z.array(
      z.object({ arn: z.string(), name: z.string(), description: z.string(), sessionDuration: z.string() }),
    ),
  }),
  status: 200,
})

const getIdentitySource = endpoint('GET', '/v1/enrolments/:name/identity-source', {
  summary: 'What AWS is given of Gatehouse, what was read of AWS, and what the change of the identity source does.',
  ...byInstaller,
  params,
  response: z.object({
    /** What the console of Identity Center asks for. */
    ours: z.object({
      metadataUrl: z.string(),
      metadata: z.string(),
      entityId: z.string(),
      signInUrl: z.string(),
      /** PEM; the one that signs first. */
      certificates: z.array(z.string()),
    }),
    /** Read from the metadata that was given; absent without. */
    theirs: z.object({ entityId: z.string(), acsUrls: z.array(z.string()) }).optional(),
    /** What is wrong with the metadata, or with the names that it would get. */
    problems: z.array(z.object({ message: z.string(), remedy: z.string() })),
    warnings: z.array(z.string()),
    /** The clicks in AWS's console, in their order. */
    clicks: z.array(z.string()),
  }),
  status: 200,
})
const lockedOutSchema = z.object({
  userName: z.string(),
  displayName: z.string(),
  reason: z.enum(['no-user', 'locked', 'no-access', 'no-password']),
  message: z.string(),
  /** Whether a one-time link would let them in. */
  linkHelps: z.boolean(),
})
const listLockedOut = endpoint('GET', '/v1/enrolments/:name/locked-out', {
  summary: 'Who has a user in Identity Center and could not sign in here.',
  ...byInstaller,
  params,
  query: z.strictObject({ ...pageQuery, search: name(256).optional(), refresh: flag.default(false) }),
  response: z.object({
    readAt: time,
    /** Users that are active in Identity Center. */
    users: z.number().int(),
    lockedOut: z.number().int(),
    found: z.number().int(),
    items: z.array(lockedOutSchema),
    next: z.string().optional(),
  }),
  status: 200,
})
const inviteLockedOut = endpoint('POST', '/v1/enrolments/:name/locked-out/links', {
  summary:
    'One-time links for some of them or for all, with which they set a password; makes the users that are missing.',
  ...byInstaller,
  params,
  body: z.strictObject({
    /** Names as Identity Center has them. */
    users: z.array(name()).min(1).max(200).optional(),
    /** Everybody whom a link would help, 200 at a time, in the order of their names. */
    all: z.boolean().default(false),
    /** With `all`: only those after this name, `next` of the answer before. */
    after: name().optional(),
    /** Roles of users who are made. */
    roles: z.array(name()).max(100).default(['access']),
  }),
  response: z.object({
    items: z.array(z.object({ user: z.string(), created: z.boolean(), url: z.string(), expiresAt: time })),
    failed: z.array(z.object({ user: z.string(), message: z.string() })),
    /** How many are left for another call. */
    remaining: z.number().int(),
    /** Where another call goes on. */
    next: z.string().optional(),
  }),
  status: 200,
})

const scimOutcome = {
  /**
   * `not-an-endpoint`: what answers there, or would, is no SCIM endpoint of AWS. `another-instance`: it is, and does not
   * have the groups and users of the instance whose role was checked.
   */
  outcome: z.enum(['ok', 'not-an-endpoint', 'another-instance', 'unauthorized', 'server-error', 'unreachable']),
  message: z.string(),
  remedy: z.string(),
}
const testScim = endpoint('POST', '/v1/enrolments/:name/scim', {
  summary: 'Try the SCIM address and token that were given.',
  ...byInstaller,
  params,
  body: z.strictObject({ revision: revision.optional() }),
  response: z.object({ ...scimOutcome, enrolment: enrolmentSchema }),
  status: 200,
})

const finishEnrolment = endpoint('POST', '/v1/enrolments/:name/finish', {
  summary: 'Install the organization in shadow mode, and Identity Center as a service provider; both or nothing.',
  ...byInstaller,
  params,
  body: z.strictObject({
    /** What is installed is what this one says; refused when somebody has changed the enrolment since. */
    revision,
    /** Leaves the service provider for later; without it nobody signs in to AWS through Gatehouse. */
    withoutServiceProvider: z.boolean().default(false),
  }),
  response: organizationSchema,
  status: 201,
})

const peopleRole = {
  name: name(256).default('identity-center-access'),
  /** Account ids and ARNs or names of permission sets; none: the role lets people sign in, and gives nothing in AWS. */
  assignments: z
    .array(z.strictObject({ account: name(256), permissionSet: name(2048) }))
    .max(1000)
    .default([]),
}
const writePeopleRole = endpoint('POST', '/v1/enrolments/:name/roles', {
  summary: 'The role that people need, as a document, and made at once if asked for.',
  ...byInstaller,
  params,
  body: z.strictObject({ ...peopleRole, create: z.boolean().default(false) }),
  response: z.object({ yaml: z.string(), created: z.boolean(), warnings: z.array(z.string()) }),
  status: 200,
})

export const enrolmentEndpoints = {
  checkPublicAddress,
  listEnrolments,
  startEnrolment,
  getEnrolment,
  editEnrolment,
  deleteEnrolment,
  checkRole,
  previewAccounts,
  previewGroups,
  previewPermissionSets,
  getIdentitySource,
  listLockedOut,
  inviteLockedOut,
  testScim,
  finishEnrolment,
  writePeopleRole,
}
