import { z } from 'zod'
import { contract } from './contract.ts'
import type { Endpoint } from './endpoint.ts'
import { problemSchema } from './problem.ts'

type Json = Record<string, unknown>

/** The contract as an OpenAPI 3.1 document, for everybody who does not write TypeScript. */
export function createOpenApi(server: { readonly publicAddress: string; readonly version: string }): Json {
  const schemas: Json = {}
  const problem = schemaOf(problemSchema, 'output', schemas)
  const paths: Record<string, Json> = {}
  for (const [name, endpoint] of Object.entries(contract) as [string, Endpoint][]) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operationOf(name, endpoint, schemas, problem) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Gatehouse',
      version: server.version,
      description: 'Identity governance for AWS IAM Identity Center. Errors are problem details (RFC 9457).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: server.publicAddress }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'From `POST /v1/sign-in`.' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-gatehouse', description: 'From the sign-in page.' },
      },
    },
  }
}

function operationOf(name: string, endpoint: Endpoint, schemas: Json, problem: Json): Json {
  const [, , tag = ''] = endpoint.path.split('/')
  return {
    operationId: name,
    summary: endpoint.summary,
    tags: [tag],
    ...(endpoint.needs
      ? { description: `Needs a rule that allows \`${endpoint.needs.verb}\` on \`${endpoint.needs.kind}\`.` }
      : {}),
    security: endpoint.auth === 'public' ? [] : [{ token: [] }, { session: [] }],
    parameters: [...parametersOf(endpoint.params, 'path', schemas), ...parametersOf(endpoint.query, 'query', schemas)],
    ...(endpoint.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(endpoint.body, 'input', schemas) } },
          },
        }
      : {}),
    responses: {
      [endpoint.status]: {
        description: endpoint.status === 201 ? 'Created.' : 'Done.',
        ...(endpoint.response
          ? { content: { 'application/json': { schema: schemaOf(endpoint.response, 'output', schemas) } } }
          : {}),
      },
      default: { description: 'Refused or failed.', content: { 'application/problem+json': { schema: problem } } },
    },
  }
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query', schemas: Json): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input', schemas) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}

/** JSON Schema 2020-12, which is what OpenAPI 3.1 speaks; named parts move to `components`. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, { io, override: tidy })
  for (const [id, definition] of Object.entries($defs)) schemas[id] = withoutId(pointToComponents(definition))
  const { id } = rest
  if (typeof id !== 'string') return pointToComponents(rest) as Json
  schemas[id] = withoutId(pointToComponents(rest))
  return { $ref: `#/components/schemas/${id}` }
}

/** A boolean or a number in an address is text there; the document says what is meant. */
function tidy({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const [first, second] = jsonSchema.anyOf ?? []
  if (jsonSchema.anyOf?.length !== 2 || typeof first !== 'object' || typeof second !== 'object') return
  if ((first.type !== 'boolean' && first.type !== 'number') || second.type !== 'string') return
  delete jsonSchema.anyOf
  jsonSchema.type = first.type
}

const withoutId = (schema: unknown): unknown => {
  const { id: _, ...rest } = schema as Json
  return rest
}

function pointToComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pointToComponents)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string'
        ? inner.replace('#/$defs/', '#/components/schemas/')
        : pointToComponents(inner),
    ]),
  )
}
