import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { confirmRemovals, flag, name, pageQuery, time } from './fields.ts'
import { planSchema } from './organization-status.ts'
import { accountRowSchema, organizationSchema, removalBegun, scimTokenField, settingsFields } from './organizations.ts'

const params = z.strictObject({ name: name() })

const previewSettings = endpoint('POST', '/v1/organizations/:name/settings/preview', {
  summary: 'What the plan would be with other settings; nothing is saved.',
  auth: 'rule',
  needs: { verb: 'update', kind: 'plugin' },
  params,
  query: z.strictObject(pageQuery),
  body: z.strictObject(settingsFields),
  response: z.object({
    /** In words: who and what leaves or comes. */
    effects: z.array(z.string()),
    plan: planSchema,
  }),
  status: 200,
})

const listOrganizationAccounts = endpoint('GET', '/v1/organizations/:name/accounts', {
  summary: 'Accounts of the organization, those inside the filter first, with why each of the others is outside.',
  auth: 'rule',
  needs: { verb: 'read', kind: 'aws_identity_center' },
  params,
  query: z.strictObject({
    ...pageQuery,
    /** Part of a name or an id. */
    search: name(256).optional(),
    /** `true`: only what the filter lets in; `false`: only what it kept out at the last look. */
    inside: flag.optional(),
  }),
  response: z.object({
    total: z.number().int(),
    found: z.number().int(),
    inside: z.number().int(),
    /** Whether the role may read the names of organizational units, and tags. */
    unitsReadable: z.boolean(),
    tagsReadable: z.boolean(),
    items: z.array(accountRowSchema),
    next: z.string().optional(),
  }),
  status: 200,
})

const rotateScimToken = endpoint('POST', '/v1/organizations/:name/scim-token', {
  summary: 'Put a new SCIM token in the place of the present one, once AWS has taken it.',
  auth: 'rule',
  needs: { verb: 'update', kind: 'plugin' },
  params,
  body: z.strictObject({
    scimToken: scimTokenField,
    /** `false` takes the token without trying it. */
    validate: z.boolean().default(true),
  }),
  response: organizationSchema,
  status: 200,
})

const thingCounts = z.object({ assignments: z.number().int(), groups: z.number().int() })

export const removalReportSchema = z
  .object({
    organization: z.string(),
    /** The service provider that goes with it. */
    serviceProvider: z.string().optional(),
    /** The OIDC integration that goes with it. */
    integration: z.string().optional(),
    counts: z.object({
      /** Lists made from AWS groups, which go. */
      lists: z.number().int(),
      /** Records that stay and name what goes. */
      dangling: z.number().int(),
      /** Rows of access in AWS that have an end. */
      withEnd: z.number().int(),
      /** Rows of access that were taken away here and are still in AWS. */
      leaving: z.number().int(),
      systemRoles: z.number().int(),
      accounts: z.number().int(),
      permissionSets: z.number().int(),
      adoptedAssignments: z.number().int(),
      userLinks: z.number().int(),
      groupLinks: z.number().int(),
      /** What Gatehouse made in AWS, that goes there and that AWS still holds; 0 where that is not asked for. */
      made: z.number().int(),
      /** What Gatehouse made in AWS and is left there all the same. */
      stays: z.number().int(),
      /** How many people are in groups that Gatehouse made and that go. */
      memberships: z.number().int(),
    }),
    /** `begun`: AWS is told to let go of what Gatehouse made, and the same call once more ends the removal. */
    state: z.enum(['shown', 'begun', 'done']),
    /** Since it has begun. */
    begun: removalBegun.optional(),
    /** Of what was to go since it has begun: what AWS does not have any more, and what it still has. */
    taken: z.object({ removed: thingCounts, left: thingCounts }).optional(),
    /** Assignments and groups that Gatehouse made in AWS: AWS must have let go of each, or it is released by its key. */
    made: z.array(
      z.object({
        key: z.string(),
        summary: z.string(),
        /** What AWS said when it was told. */
        refusal: z.string().optional(),
        /** Why it is to stay by now, though it was to go when the removal began: it is released, or the removal is stopped. */
        reason: z.string().optional(),
      }),
    ),
    /** What Gatehouse made and leaves, with the reason. Users, and all that was there before Gatehouse, stay in any case. */
    stays: z.array(z.object({ summary: z.string(), reason: z.string() })),
    lists: z.array(z.object({ id: z.string(), title: z.string(), members: z.number().int() })),
    dangling: z.array(
      z.object({
        kind: z.enum(['access_list', 'user', 'role', 'access_request', 'bundle', 'approval_rule', 'lock']),
        name: z.string(),
        title: z.string(),
        references: z.array(z.string()),
      }),
    ),
    /** Each must be ended, or released by its key. */
    withEnd: z.array(z.object({ key: z.string(), summary: z.string(), until: time.optional() })),
    /** AWS must have let go of each, or it is released by its key. */
    leaving: z.array(z.object({ key: z.string(), summary: z.string() })),
    /** Why it is refused as things are; empty in the report of a removal that was done. */
    blockers: z.array(z.object({ message: z.string(), remedy: z.string() })),
    warnings: z.array(z.string()),
    /** What stays in AWS, and the commands that remove it there. */
    remains: z.object({ roleArn: z.string(), providerArn: z.string().optional(), commands: z.array(z.string()) }),
    /** There is more of one of the six lists. */
    next: z.string().optional(),
  })
  .meta({ id: 'RemovalReport' })
export type RemovalReportView = z.infer<typeof removalReportSchema>

/** How many rows one removal may release. */
const MAX_RELEASED = 10_000

const removal = {
  auth: 'rule',
  needs: { verb: 'delete', kind: 'plugin' },
  params,
  query: z.strictObject(pageQuery),
  body: z
    .strictObject({
      /** Somebody says that Identity Center has another identity source by now. */
      identitySourceChanged: z.boolean().default(false),
      /** Takes references to what goes out of lists and users that stay. */
      strip: z.boolean().default(false),
      /** Keys of access with an end, or that was taken away here, that may stay in AWS. */
      release: z.array(name(4096)).max(MAX_RELEASED).default([]),
      /** Takes away in AWS first what Gatehouse made there: assignments and groups, never what was adopted. */
      removeMade: z.boolean().default(false),
      /** How many of these somebody has read and means, where that is more than may go at once. */
      confirmRemovals: confirmRemovals.optional(),
    })
    .default({ identitySourceChanged: false, strip: false, release: [], removeMade: false }),
  bodyLimit: 2 * 1024 * 1024,
  response: removalReportSchema,
  status: 200,
} as const

const previewRemoval = endpoint('POST', '/v1/organizations/:name/removal/preview', {
  ...removal,
  summary: 'What would go with an organization, what would dangle, and what stands against it. Nothing is changed.',
})

const removeOrganization = endpoint('POST', '/v1/organizations/:name/removal', {
  ...removal,
  summary:
    'Remove an organization with all that Gatehouse keeps of it, and say what went. AWS is left as it is, unless what Gatehouse made there is to go first.',
})

const stopRemoval = endpoint('DELETE', '/v1/organizations/:name/removal', {
  summary: 'Stop a removal that takes away in AWS what Gatehouse made: what is granted is given again.',
  auth: 'rule',
  needs: { verb: 'delete', kind: 'plugin' },
  params,
  response: organizationSchema,
  status: 200,
})

export const organizationLifeEndpoints = {
  listOrganizationAccounts,
  previewSettings,
  rotateScimToken,
  previewRemoval,
  removeOrganization,
  stopRemoval,
}
