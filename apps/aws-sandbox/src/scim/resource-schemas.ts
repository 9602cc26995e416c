import { ENTERPRISE_SCHEMA, GROUP_SCHEMA, USER_SCHEMA } from './schema-names.ts'

interface Attribute {
  readonly name: string
  readonly type: 'string' | 'boolean' | 'reference' | 'complex'
  readonly multiValued: boolean
  readonly required: boolean
  readonly subAttributes?: readonly Attribute[]
  readonly caseExact: boolean
  readonly mutability: 'readWrite'
  readonly returned: 'default'
  readonly uniqueness: 'none' | 'server'
}

const typedValue = [text('value'), text('type'), attribute('primary', 'boolean')]
const ADDRESS_PARTS = ['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country', 'type']

/** Attributes as `/Schemas` describes them (RFC 7643, 7). */
export const RESOURCE_SCHEMAS = [
  aSchema(USER_SCHEMA, 'User', 'User Account', [
    { ...text('userName'), required: true, uniqueness: 'server' },
    complex('name', [
      ...['formatted', 'middleName', 'honorificPrefix', 'honorificSuffix'].map(text),
      { ...text('familyName'), required: true },
      { ...text('givenName'), required: true },
    ]),
    { ...text('displayName'), required: true },
    ...['nickName', 'profileUrl', 'title', 'userType', 'preferredLanguage', 'locale', 'timezone'].map(text),
    attribute('active', 'boolean'),
    { ...complex('emails', typedValue), multiValued: true },
    { ...complex('addresses', [...ADDRESS_PARTS.map(text), attribute('primary', 'boolean')]), multiValued: true },
    { ...complex('phoneNumbers', typedValue), multiValued: true },
    { ...complex('roles', typedValue), multiValued: true },
  ]),
  aSchema(GROUP_SCHEMA, 'Group', 'Group', [
    { ...text('displayName'), required: true, uniqueness: 'server' },
    { ...complex('members', [text('value'), attribute('$ref', 'reference')]), multiValued: true },
  ]),
  aSchema(ENTERPRISE_SCHEMA, 'EnterpriseUser', 'Enterprise User', [
    ...['employeeNumber', 'costCenter', 'organization', 'division', 'department'].map(text),
    complex('manager', [text('value'), attribute('$ref', 'reference')]),
  ]),
]

function aSchema(id: string, name: string, description: string, attributes: readonly Attribute[]) {
  const meta = { resourceType: 'Schema', location: `/Schemas/${id}` }
  return { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'], id, name, description, attributes, meta }
}

function text(name: string): Attribute {
  return attribute(name, 'string')
}

function complex(name: string, subAttributes: readonly Attribute[]): Attribute {
  return { ...attribute(name, 'complex'), subAttributes }
}

function attribute(name: string, type: Attribute['type']): Attribute {
  const common = { multiValued: false, required: false, caseExact: false } as const
  return { name, type, ...common, mutability: 'readWrite', returned: 'default', uniqueness: 'none' }
}
