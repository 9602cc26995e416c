import { RESOURCE_SCOPE } from '@gatehouse/domain'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { expression, flag, labelPairs, page, pageQuery, prose, time, wholeNumber } from './fields.ts'

/** `granted`: AWS serves it now; `pending`: decided and not yet confirmed by AWS; `requestable`: may be asked for. */
const accessOf = z.enum(['granted', 'pending', 'requestable'])

/** An AWS account as an application: what `tsh apps ls` lists and `tsh aws-profile` writes. */
export const resourceSchema = z
  .object({
    organization: z.string(),
    /** The application's name: `aws-identity-center` unless the organization has another. */
    application: z.string(),
    account: z.string(),
    accountName: z.string(),
    labels: z.record(z.string(), z.string()),
    region: z.string(),
    /** For AWS config files; the same for all accounts of an organization. */
    startUrl: z.string(),
    /** Opened by "Log in", at this account. */
    portalUrl: z.string(),
    permissionSets: z.array(
      z.object({
        name: z.string(),
        arn: z.string(),
        description: z.string(),
        /** What a request names: `/<cluster>/aws_ic_account_assignment/<account id>--<permission set>`. */
        resourceId: z.string(),
        /** The system role that means exactly this. */
        role: z.string(),
        access: accessOf,
        /** May be asked for, also by those who hold it for a while only. */
        requestable: z.boolean(),
        /** When it ends, if nobody decides otherwise. */
        until: time.optional(),
      }),
    ),
  })
  .meta({ id: 'Resource' })
export type ResourceView = z.infer<typeof resourceSchema>

const listResources = endpoint('GET', '/v1/resources', {
  summary: 'AWS accounts and permission sets that the caller has, or could request.',
  auth: 'session',
  query: z.strictObject({
    /** Accounts; a page has fewer where they have more than 5,000 permission sets together. */
    ...pageQuery,
    /** Also what may be requested and is not held. */
    requestable: flag.default(false),
    kind: z.enum(['aws_ic_account_assignment']).optional(),
    /** Words that must all be in the account's name or id, or in the permission set's name. */
    search: prose(256).optional(),
    /** Labels that the account must have: `key=value`, divided by commas. */
    labels: labelPairs.optional(),
    /** A condition on `labels` and `name`. */
    query: expression(RESOURCE_SCOPE).optional(),
  }),
  response: page(resourceSchema).extend({
    /** Why nothing of it can be used: AWS could not be signed in to, or does not know the user. */
    warning: z.string().optional(),
    /** False until AWS has been read whole once: what is missing here may still be there, so nothing is to be pruned. */
    isComplete: z.boolean(),
  }),
  status: 200,
})

/** As many accounts as an organization of AWS's largest size has. */
const LARGEST_OUTLINE = 10_000

export const resourceOutlineSchema = page(
  z.object({
    organization: z.string(),
    account: z.string(),
    accountName: z.string(),
    /** Its tags in AWS, where Gatehouse may read them. */
    tags: z.record(z.string(), z.string()),
    /** Its organizational units from the root down, `Root/Workloads/Prod`, where Gatehouse may read their names. */
    path: z.string().optional(),
    portalUrl: z.string(),
    /** Its place in `offers`. */
    offer: z.number().int(),
  }),
)
  .extend({
    permissionSets: z.array(
      z.object({
        name: z.string(),
        arn: z.string(),
        description: z.string(),
        /** `<resourcePrefix><account id>--<resource>` is what a request names. */
        resource: z.string(),
      }),
    ),
    resourcePrefix: z.string(),
    /** What is alike in many accounts is said once: places in `permissionSets` with what `listResources` says of each. */
    offers: z.array(
      z.array(
        z.object({
          set: z.number().int(),
          access: accessOf,
          requestable: z.boolean(),
          until: time.optional(),
        }),
      ),
    ),
    warning: z.string().optional(),
    isComplete: z.boolean(),
  })
  .meta({ id: 'ResourceOutline' })
export type ResourceOutlineView = z.infer<typeof resourceOutlineSchema>

const outlineResources = endpoint('GET', '/v1/resources/outline', {
  summary: 'The same, requestable ones included, in so short a form that a page can hold and search all of it.',
  auth: 'session',
  query: z.strictObject({ limit: wholeNumber(1, LARGEST_OUTLINE).default(LARGEST_OUTLINE), cursor: pageQuery.cursor }),
  response: resourceOutlineSchema,
  status: 200,
})

export const applicationSchema = z
  .object({
    /** The organization's, or the service provider's. */
    name: z.string(),
    kind: z.enum(['identity-center', 'saml']),
    labels: z.record(z.string(), z.string()),
    access: z.enum(['granted', 'requestable']),
    /** Where signing in begins; absent for what has first to be asked for, and where it would be refused. */
    signInUrl: z.string().optional(),
    /** Why signing in would be refused, and what to do. */
    denial: z.object({ message: z.string(), remedy: z.string() }).optional(),
    /** What a request names; absent for Identity Center, whose account assignments are asked for. */
    resourceId: z.string().optional(),
    /** Of Identity Center: what `aws configure sso` asks for. */
    startUrl: z.string().optional(),
    region: z.string().optional(),
  })
  .meta({ id: 'Application' })
export type ApplicationView = z.infer<typeof applicationSchema>

const listApplications = endpoint('GET', '/v1/applications', {
  summary: 'What the caller signs in to, Identity Center among it, and what he may ask to.',
  auth: 'session',
  query: z.strictObject(pageQuery),
  response: page(applicationSchema),
  status: 200,
})

export const resourceEndpoints = { listResources, outlineResources, listApplications }
