import { ENTERPRISE_SCHEMA, GROUP_SCHEMA, LIST_SCHEMA, USER_SCHEMA } from './schema-names.ts'
import { RESOURCE_SCHEMAS } from './resource-schemas.ts'
import { notFound } from './scim-error.ts'
import type { ScimAnswer, ScimOperation } from './scim-operation.ts'

/** What the endpoint says it can. The guide still says that a list has at most 50, though it has 100. */
const SERVICE_PROVIDER_CONFIG = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  documentationUri: 'https://docs.aws.amazon.com/singlesignon/latest/userguide/manage-your-identity-source-idp.html',
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'OAuth Bearer Token',
      description: 'Authentication scheme using the OAuth Bearer Token Standard',
      specUri: 'https://www.rfc-editor.org/info/rfc6750',
      primary: true,
    },
  ],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: 50 },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
}

const RESOURCE_TYPES = [
  aResourceType('User', USER_SCHEMA, [{ schema: ENTERPRISE_SCHEMA, required: false }]),
  aResourceType('Group', GROUP_SCHEMA, []),
]

export const discoveryOperations: readonly ScimOperation[] = [
  {
    name: 'ServiceProviderConfig',
    method: 'GET',
    path: '/ServiceProviderConfig',
    run: () => ({ status: 200, body: SERVICE_PROVIDER_CONFIG }),
  },
  { name: 'ListResourceTypes', method: 'GET', path: '/ResourceTypes', run: () => answerAll(RESOURCE_TYPES) },
  {
    name: 'GetResourceType',
    method: 'GET',
    path: '/ResourceTypes/:id',
    run: (_world, { id }) => answerOne(RESOURCE_TYPES, id),
  },
  { name: 'ListSchemas', method: 'GET', path: '/Schemas', run: () => answerAll(RESOURCE_SCHEMAS) },
  {
    name: 'GetSchema',
    method: 'GET',
    path: '/Schemas/:id',
    run: (_world, { id }) => answerOne(RESOURCE_SCHEMAS, id),
  },
]

function aResourceType(name: string, schema: string, schemaExtensions: readonly object[]) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: name,
    name,
    endpoint: `/${name}s`,
    description: name,
    schema,
    schemaExtensions,
    meta: { resourceType: 'ResourceType', location: `/ResourceTypes/${name}` },
  }
}

function answerAll(rows: readonly object[]): ScimAnswer {
  const counts = { totalResults: rows.length, itemsPerPage: rows.length, startIndex: 1 }
  return { status: 200, body: { ...counts, schemas: [LIST_SCHEMA], Resources: rows } }
}

function answerOne(rows: readonly { readonly id: string }[], id: string): ScimAnswer {
  const row = rows.find((known) => known.id === id)
  if (row === undefined) throw notFound(id)
  return { status: 200, body: row }
}
