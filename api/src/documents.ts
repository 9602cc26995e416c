import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { confirmRemovals, flag, name, page, pageQuery } from './fields.ts'

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

const kind = name(64)

const applyDocuments = endpoint('POST', '/v1/documents', {
  summary: 'Create or replace resources from YAML. All of them are saved, or none.',
  auth: 'session',
  body: z.strictObject({
    /** YAML, several documents divided by `---`. */
    text: z.string().min(1),
    mode: z.enum(['create', 'replace']),
    dryRun: z.boolean().default(false),
    /** How many removals the caller has read and means. */
    confirmRemovals: confirmRemovals.optional(),
  }),
  response: z.object({
    dryRun: z.boolean(),
    results: z.array(
      z.object({
        kind: z.string(),
        name: z.string(),
        outcome: z.enum(['created', 'replaced', 'unchanged']),
        warnings: z.array(z.string()),
      }),
    ),
  }),
  status: 200,
  bodyLimit: DOCUMENT_BODY_LIMIT,
})

const listDocuments = endpoint('GET', '/v1/documents/:kind', {
  summary: 'All resources of one kind, as documents.',
  auth: 'session',
  params: z.strictObject({ kind }),
  query: z.strictObject(pageQuery),
  response: page(documentSchema),
  status: 200,
})

const getDocument = endpoint('GET', '/v1/documents/:kind/:name', {
  summary: 'One resource, as a document.',
  auth: 'session',
  params: z.strictObject({ kind, name: name() }),
  response: documentSchema,
  status: 200,
})

const deleteDocument = endpoint('DELETE', '/v1/documents/:kind/:name', {
  summary: 'Delete a resource.',
  auth: 'session',
  params: z.strictObject({ kind, name: name() }),
  query: z.strictObject({
    /** For an imported access list: also delete its group in AWS. */
    deleteGroup: flag.default(false),
    confirmRemovals: confirmRemovals.optional(),
  }),
  response: z.object({ kind: z.string(), name: z.string(), warnings: z.array(z.string()) }),
  status: 200,
})

export const documentEndpoints = { applyDocuments, listDocuments, getDocument, deleteDocument }
