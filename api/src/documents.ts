import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { confirmRemovals, flag, name, page, pageQuery, removals } from './fields.ts'

/** Two million characters are some ten thousand members; what is larger is split. */
const DOCUMENT_BODY_LIMIT = 2 * 1024 * 1024

/** A resource as its YAML has it. `spec` is as the kind's reference says. */
export const documentSchema = z
  .object({
    kind: z.string(),
    sub_kind: z.string().optional(),
    version: z.string(),
    metadata: z.looseObject({ name: z.string(), description: z.string().optional() }),
    spec: z.record(z.string(), z.unknown()).optional(),
    status: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Document' })
export type Document = z.infer<typeof documentSchema>

/** Kinds that have documents. Members of lists are named `<list>/<member>`. */
export const DOCUMENT_KINDS = [
  'role',
  'user',
  'access_list',
  'access_list_member',
  'access_request',
  'lock',
  'access_list_review',
  'plugin',
  'integration',
  'aws_ic_account',
  'aws_ic_permission_set',
  'saml_idp_service_provider',
  'bundle',
  'approval_rule',
] as const
export type DocumentKind = (typeof DOCUMENT_KINDS)[number]
/** Kinds that can be read as documents and neither written nor removed as such. */
export const READ_ONLY_KINDS = [
  'access_list_review',
  'plugin',
  'integration',
  'aws_ic_account',
  'aws_ic_permission_set',
] as const satisfies readonly DocumentKind[]
const kind = z.enum(DOCUMENT_KINDS)

const applyDocuments = endpoint('POST', '/v1/documents', {
  summary: 'Create or replace resources from YAML. All of them are saved, or none.',
  auth: 'session',
  body: z.strictObject({
    /** YAML, several documents divided by `---`. */
    text: z.string().min(1),
    /**
     * `create` refuses what exists. `update` refuses what does not, and a document whose `metadata.revision` is not the
     * present one. `replace` asks neither.
     */
    mode: z.enum(['create', 'replace', 'update']),
    dryRun: z.boolean().default(false),
    /** How many removals the caller has read and means. */
    confirmRemovals: confirmRemovals.optional(),
    /** The documents are those of this set of files, which owns from then on what it writes. */
    managedBy: name(100).optional(),
    /** They are all of the set: what it owned and has no more is removed. */
    prune: z.boolean().default(false),
    /** Write by hand what files own, which they then own no more. */
    takeOver: z.boolean().default(false),
  }),
  response: z.object({
    dryRun: z.boolean(),
    results: z.array(
      z.object({
        kind: z.string(),
        name: z.string(),
        outcome: z.enum(['created', 'replaced', 'unchanged', 'removed']),
        /** What the next update of it names as `metadata.revision`; absent in a dry run, and for what was removed. */
        revision: z.string().optional(),
        /** In a dry run, of what changes: the document as it is, and as it would be. */
        before: documentSchema.optional(),
        after: documentSchema.optional(),
      }),
    ),
    warnings: z.array(z.object({ field: z.string(), line: z.number().int().optional(), message: z.string() })),
    removals,
  }),
  status: 200,
  bodyLimit: DOCUMENT_BODY_LIMIT,
})

const listDocuments = endpoint('GET', '/v1/documents/:kind', {
  summary: 'All resources of one kind, as documents.',
  auth: 'session',
  params: z.strictObject({ kind }),
  query: z.strictObject({
    ...pageQuery,
    /** Of roles: those whose name holds this text, ignoring case. */
    search: z.string().trim().max(256).optional(),
    /** Of roles: also the system roles, which come after all others. */
    system: flag.default(false),
  }),
  response: page(documentSchema),
  status: 200,
})

const getDocument = endpoint('GET', '/v1/documents/:kind/:name', {
  summary: 'One resource, as a document.',
  auth: 'session',
  params: z.strictObject({ kind, name: name(600) }),
  response: documentSchema,
  status: 200,
})

const deleteDocument = endpoint('DELETE', '/v1/documents/:kind/:name', {
  summary: 'Delete a resource.',
  auth: 'session',
  params: z.strictObject({
    kind: kind.exclude(READ_ONLY_KINDS),
    name: name(600),
  }),
  query: z.strictObject({
    /** For an imported access list: also delete its group in AWS. */
    deleteGroup: flag.default(false),
    confirmRemovals: confirmRemovals.optional(),
  }),
  status: 204,
})

export const documentEndpoints = { applyDocuments, listDocuments, getDocument, deleteDocument }
