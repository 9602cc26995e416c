import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { flag, page, pageQuery, time } from './fields.ts'

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
    /** For AWS config files, with the account in its fragment. */
    startUrl: z.string(),
    /** Opened by "Log in". */
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
        /** `granted`: AWS serves it now; `pending`: decided and not yet confirmed by AWS; `requestable`: may be asked for. */
        access: z.enum(['granted', 'pending', 'requestable']),
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
    ...pageQuery,
    /** Also what may be requested and is not held. */
    requestable: flag.default(false),
  }),
  response: page(resourceSchema),
  status: 200,
})

export const resourceEndpoints = { listResources }
