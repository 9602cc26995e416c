import { isAwsStartUrl } from '@gatehouse/domain'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { flag, labels, name, page, pageQuery, prose, time } from './fields.ts'
import { organizationStatusSchema, planSchema } from './organization-status.ts'

const params = z.strictObject({ name: name() })

/** Written as in the plugin's YAML: `Include.id`, `Include.name_regex`, and the same with `Exclude`. */
export const nameFilter = z.strictObject({
  match: z.enum(['include', 'exclude']),
  field: z.enum(['id', 'name']),
  /** `^…$` is an RE2 expression; otherwise `*` stands for any run of characters. */
  pattern: name(1024),
})
/** The same, and by organizational unit or tag: `Include.organizational_unit`, `Include.tags`. */
export const accountFilterPart = z.discriminatedUnion('field', [
  nameFilter,
  z.strictObject({
    match: z.enum(['include', 'exclude']),
    field: z.literal('ou'),
    /** An id, or a path from the root such as `Root/Workloads/Prod`; what lies below is meant too. */
    unit: name(1024),
  }),
  z.strictObject({
    match: z.enum(['include', 'exclude']),
    field: z.literal('tag'),
    key: name(128),
    /** Of the value, as for names; `^$` for an empty one. */
    pattern: name(1024),
  }),
])
/** An account, and where it stands to the filter. */
export const accountRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  state: z.string(),
  management: z.boolean(),
  inside: z.boolean(),
  /** Why it is outside, or why nobody can say whether it is to be inside. */
  reason: z.string().optional(),
  /** The id of the unit that holds it, where that is known. */
  unit: z.string().optional(),
  /** From the root down, where names are known. */
  path: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
})
const driftAnswer = z.enum(['revert', 'report', 'adopt']).optional()
/** People are led there, or a token is sent: by https, and by http only on the same machine, as in the sandbox. */
export const url = name(2048).refine(isSafe, 'an https address such as https://example.org/path')

function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false
  const address = new URL(text)
  if (address.username !== '' || address.password !== '') return false
  const isHere = /^(localhost|.+\.localhost|\[::1\]|127(\.\d+){3})$/.test(address.hostname)
  return address.protocol === 'https:' || (address.protocol === 'http:' && isHere)
}

/** Written to configuration files of the AWS CLI, some of which follow no address of somebody else. */
export const startUrl = name(2048).refine(
  isAwsStartUrl,
  "an https address of AWS's access portal as the console of IAM Identity Center shows it, such as " +
    'https://d-1234567890.awsapps.com/start; one of your own that leads there can be what "Log In" opens',
)

const credentials = z.discriminatedUnion('source', [
  z.strictObject({ source: z.literal('oidc'), integration: name(), roleArn: name(2048) }),
  z.strictObject({ source: z.literal('system'), roleArn: name(2048), externalId: name(1224).optional() }),
])

/** Which accounts, groups and users are managed; without any parts all are. */
export const filters = {
  accountFilter: z.array(accountFilterPart).max(1000),
  groupFilter: z.array(nameFilter).max(1000),
  userFilter: z.array(labels).max(100),
}

/** Who began a removal that takes away in AWS what Gatehouse made, when, and how much that was. */
export const removalBegun = z.object({
  by: z.string(),
  since: time,
  assignments: z.number().int(),
  groups: z.number().int(),
  /** Of the groups; 0 where it was begun before that was counted. */
  memberships: z.number().int(),
})

export const organizationSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    mode: z.enum(['shadow', 'active']),
    instanceArn: z.string(),
    region: z.string(),
    identityStoreId: z.string(),
    managementAccount: z.string(),
    hybrid: z.boolean(),
    credentials: z.object({
      source: z.enum(['oidc', 'system']),
      integration: z.string().optional(),
      roleArn: z.string(),
    }),
    scimUrl: z.string(),
    startUrl: z.string(),
    portalUrl: z.string(),
    defaultOwners: z.array(z.string()),
    accountFilter: z.array(accountFilterPart),
    groupFilter: z.array(nameFilter),
    userFilter: z.array(z.record(z.string(), z.string())),
    driftPolicy: z.record(z.string(), z.enum(['revert', 'report', 'adopt'])),
    removalBudget: z.object({ atLeast: z.number(), percent: z.number() }),
    /** `NONE`: no derived roles are offered, and no groups become lists. */
    rolesSyncMode: z.enum(['ALL', 'NONE']),
    createdAt: time,
    /** It is being removed, and what Gatehouse made in AWS goes there first: nothing is given meanwhile. */
    removal: removalBegun.optional(),
  })
  .meta({ id: 'Organization' })
export type OrganizationView = z.infer<typeof organizationSchema>

export const scimTokenField = z
  .string()
  .min(1)
  .max(8192)
  .refine((token) => /^[\x21-\x7e]*$/.test(token), 'the token as AWS shows it, without blanks and line breaks')

const installation = {
  name: name(64).default('aws-identity-center'),
  region: name(64),
  instanceArn: name(1224),
  credentials,
  /** Where and with which token users and groups are pushed. */
  scimUrl: url,
  scimToken: scimTokenField,
  /** Takes an address that does not look like one of AWS's. */
  forceScimUrl: z.boolean().default(false),
  /** Makes Identity Center a service provider as well; it may be made later, too. */
  serviceProvider: z.strictObject({ name: name().default('aws-identity-center'), metadata: prose(200_000) }).optional(),
  /** Users who own the lists made from AWS groups. */
  defaultOwners: z.array(name()).min(1).max(100),
  /** Identity Center keeps another identity provider: nobody is pushed. */
  hybrid: z.boolean().default(false),
  accountFilter: filters.accountFilter.default([]),
  groupFilter: filters.groupFilter.default([]),
  userFilter: filters.userFilter.default([]),
  /** `NONE`: no derived roles are offered, and no groups become lists; a group filter is refused then. */
  rolesSyncMode: z.enum(['ALL', 'NONE']).default('ALL'),
  /** Default: derived from the identity store. */
  startUrl: startUrl.optional(),
  /** Default: the start URL. */
  portalUrl: url.optional(),
}

const installOrganization = endpoint('POST', '/v1/organizations', {
  summary: 'Enrol an Identity Center instance. It is read and planned; nothing is written to AWS until start.',
  auth: 'rule',
  needs: { verb: 'create', kind: 'plugin' },
  body: z.strictObject(installation),
  response: organizationSchema,
  status: 201,
})

const listOrganizations = endpoint('GET', '/v1/organizations', {
  summary: 'Enrolled Identity Center instances.',
  auth: 'rule',
  needs: { verb: 'list', kind: 'plugin' },
  query: z.strictObject(pageQuery),
  response: page(organizationSchema),
  status: 200,
})

const getOrganization = endpoint('GET', '/v1/organizations/:name', {
  summary: 'One enrolled Identity Center instance.',
  auth: 'rule',
  needs: { verb: 'read', kind: 'plugin' },
  params,
  response: organizationSchema,
  status: 200,
})

const getPlan = endpoint('GET', '/v1/organizations/:name/plan', {
  summary: 'What the next round would change in AWS.',
  auth: 'rule',
  needs: { verb: 'read', kind: 'aws_identity_center' },
  params,
  query: z.strictObject({
    /** So many operations, and as many held ones and notes. Further pages are of the plan whose first page was read. */
    ...pageQuery,
    /** Reads AWS first instead of using what the last sweep saw; without meaning for further pages. */
    refresh: flag.default(false),
    /** Only assignments on accounts whose name or id contains this. Such a plan is a part, and `start` does not take its hash. */
    account: name().optional(),
  }),
  response: planSchema,
  status: 200,
})

const startOrganization = endpoint('POST', '/v1/organizations/:name/start', {
  summary: 'Let Gatehouse write to AWS. Refused if the plan removes more than the one that was read.',
  auth: 'rule',
  needs: { verb: 'update', kind: 'plugin' },
  params,
  body: z.strictObject({ planHash: name(256) }),
  response: organizationSchema,
  status: 200,
})

/** What is left out stays as it is. */
export const settingsFields = {
  /** From `NONE` to `ALL`; the other way takes enrolling anew. */
  rolesSyncMode: z.enum(['ALL', 'NONE']).optional(),
  accountFilter: filters.accountFilter.optional(),
  groupFilter: filters.groupFilter.optional(),
  userFilter: filters.userFilter.optional(),
  hybrid: z.boolean().optional(),
  /** What happens with changes that others make in AWS, by their kind. */
  driftPolicy: z
    .strictObject({
      'assignment-added': driftAnswer,
      'assignment-removed': driftAnswer,
      'member-added': driftAnswer,
      'member-removed': driftAnswer,
      'group-renamed': driftAnswer,
      'group-deleted': driftAnswer,
    })
    .optional(),
  /** How many removals that nobody decided may happen in 24 hours: the larger of the two. */
  removalBudget: z
    .strictObject({ atLeast: z.number().int().min(0).max(1_000_000), percent: z.number().min(0).max(100) })
    .optional(),
  /** Of lists that are made from now on. */
  defaultOwners: z.array(name()).min(1).max(100).optional(),
  startUrl: startUrl.optional(),
  portalUrl: url.optional(),
}

const editOrganization = endpoint('POST', '/v1/organizations/:name/settings', {
  summary: 'Change settings of an enrolled instance.',
  auth: 'rule',
  needs: { verb: 'update', kind: 'plugin' },
  params,
  body: z.strictObject(settingsFields),
  response: organizationSchema,
  status: 200,
})

const getOrganizationStatus = endpoint('GET', '/v1/organizations/:name/status', {
  summary: 'Whether AWS equals the decisions, and if not, why not.',
  auth: 'rule',
  needs: { verb: 'read', kind: 'aws_identity_center' },
  params,
  /** So many of each of the four lists. */
  query: z.strictObject(pageQuery),
  response: organizationStatusSchema,
  status: 200,
})

/** How many held operations one release may name. */
export const MAX_RELEASED = 10_000
/** Their keys with names of AWS's in them. */
const RELEASE_BODY_LIMIT = 4 * 1024 * 1024

const release = endpoint('POST', '/v1/organizations/:name/release', {
  summary: 'Let held operations go ahead, take drift back or follow it, or believe a reading that was doubted.',
  auth: 'rule',
  needs: { verb: 'update', kind: 'aws_identity_center' },
  params,
  bodyLimit: RELEASE_BODY_LIMIT,
  body: z.strictObject({
    /** Keys of held operations, and of drift that is taken back. */
    operations: z.array(name(4096)).max(MAX_RELEASED).default([]),
    /** Keys of findings, as they were shown: refused where more is gone by now. */
    findings: z.array(name()).max(MAX_RELEASED).default([]),
    /**
     * Keys of drift that the records follow, at the reading that this begins. This gives access, so it also takes what
     * giving it by hand does: `update` on `access_list` for a list's members, grants and name, and `update` on `user` for
     * an assignment of the user's own.
     */
    follow: z.array(name(4096)).max(MAX_RELEASED).default([]),
  }),
  response: z.object({ released: z.number().int() }),
  status: 200,
})

const createLink = endpoint('POST', '/v1/organizations/:name/links', {
  summary: 'Say that a user or group in AWS is the one here. What it has in AWS is adopted first.',
  auth: 'rule',
  needs: { verb: 'update', kind: 'aws_identity_center' },
  params,
  body: z.strictObject({
    kind: z.enum(['user', 'group']),
    /** A user's name, or a list's id. */
    ours: name(),
    /** AWS's name or id. */
    aws: name(1024),
  }),
  response: z.object({ kind: z.string(), ours: z.string(), aws: z.string(), adoptedAssignments: z.number().int() }),
  status: 201,
})

const makeSetupScript = endpoint('POST', '/v1/organizations/script', {
  summary: 'The script for the AWS side: OIDC provider and role, with exactly the permissions that are needed.',
  auth: 'rule',
  needs: { verb: 'use', kind: 'integration' },
  body: z.strictObject({
    organization: name(64).default('aws-identity-center'),
    integration: name(64),
    role: name(64),
    region: name(64),
    /** Optional permissions, each a tick box: see the reference. */
    extras: z
      .array(
        z.enum([
          'batch-polling',
          'permission-set-contents',
          'organization-details',
          'management-account-grants',
          'management-account-removals',
        ]),
      )
      .max(5)
      .default([]),
    /** Keeps the permissions to this instance; left out, they are as in the guide. */
    instanceArn: name(1224).optional(),
  }),
  response: z.object({
    /** For bash in AWS CloudShell; the role's ARN is the last line that it prints. */
    script: z.string(),
    /** The same as a CloudFormation template in JSON. */
    cloudFormation: z.string(),
    /** The same as Terraform text. */
    terraform: z.string(),
    subject: z.string(),
    audience: z.string(),
  }),
  status: 200,
})

export const organizationEndpoints = {
  installOrganization,
  listOrganizations,
  getOrganization,
  getPlan,
  startOrganization,
  editOrganization,
  getOrganizationStatus,
  release,
  createLink,
  makeSetupScript,
}
