import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { name, page, pageQuery } from './fields.ts'

export const bundleSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    labels: z.record(z.string(), z.string()),
    /** How many account assignments it stands for now. */
    rows: z.number().int(),
    /** How many of them the caller may ask for. */
    requestable: z.number().int(),
    /** The caller may ask for all of it that he does not have. */
    mayRequest: z.boolean(),
    /** Why it holds less than its entries say; for those who may read bundles. */
    problems: z.array(z.string()),
  })
  .meta({ id: 'Bundle' })
export type BundleView = z.infer<typeof bundleSchema>

export const bundleRowSchema = z
  .object({
    account: z.string(),
    accountName: z.string(),
    permissionSet: z.string(),
    /** What a request names. */
    resourceId: z.string(),
    requestable: z.boolean(),
    /** The caller has it without an end, so a request leaves it out. */
    held: z.boolean(),
  })
  .meta({ id: 'BundleRow' })
export type BundleRowView = z.infer<typeof bundleRowSchema>

const listBundles = endpoint('GET', '/v1/bundles', {
  summary: 'Named sets of accounts and permission sets that the caller may read, or may ask for in part.',
  auth: 'session',
  query: z.strictObject(pageQuery),
  response: page(bundleSchema),
  status: 200,
})

const getBundle = endpoint('GET', '/v1/bundles/:name', {
  summary: 'One bundle, with the account assignments that it stands for now and the caller may see.',
  auth: 'session',
  params: z.strictObject({ name: name() }),
  query: z.strictObject(pageQuery),
  response: page(bundleRowSchema).extend({ bundle: bundleSchema }),
  status: 200,
})

export const bundleEndpoints = { listBundles, getBundle }
