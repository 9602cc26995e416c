import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import { textsOf } from '../predicates/predicate.ts'
import { ATTRIBUTE_SCOPE } from '../predicates/scopes.ts'
import type { EffectiveRoles } from '../roles/effective-roles.ts'
import { effectiveTraits } from '../roles/effective-traits.ts'
import type { User } from '../users/user.ts'
import { ATTRIBUTE_NAME_FORMATS, type AttributeMapping, type ServiceProvider } from './service-provider.ts'

/** One thing that an application is told about who signs in. */
export interface SamlAttribute {
  readonly name: string
  readonly nameFormat: string
  readonly friendlyName?: string
  readonly values: readonly string[]
}

/** AWS reads these as session tags, one value each (IAM Identity Center User Guide, "Attributes for access control"). */
export const ACCESS_CONTROL_PREFIX = 'https://aws.amazon.com/SAML/Attributes/AccessControl:'
/** More are refused by AWS, and with them the sign-in. */
export const MAX_ACCESS_CONTROL_ATTRIBUTES = 50

/** LDAP's names of them (RFC 4519, 2.39; eduPerson object class), by which applications know them. */
const DEFAULTS: readonly (Omit<AttributeMapping, 'nameFormat'> & { readonly friendlyName: string })[] = [
  { name: 'urn:oid:0.9.2342.19200300.100.1.1', friendlyName: 'uid', value: 'uid' },
  { name: 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1', friendlyName: 'eduPersonAffiliation', value: 'user.spec.roles' },
]

/**
 * What the application is told beside the name. AWS is told nothing but attributes for access control: it refuses the
 * whole sign-in for an attribute with several values, so of several only the first is sent there.
 */
export function attributesOf(
  provider: ServiceProvider,
  person: { readonly user: User; readonly roles: EffectiveRoles; readonly view: View; readonly now: Instant },
): readonly SamlAttribute[] {
  const { user, roles, view, now } = person
  const traits = effectiveTraits(user, view, now)
  const values = {
    uid: user.name,
    username: user.name,
    'user.metadata.name': user.name,
    'user.spec.roles': [...roles.names].toSorted(),
    'user.spec.traits': traits,
    external: traits,
  }
  const valuesOf = (value: string): readonly string[] => textsOf(value, ATTRIBUTE_SCOPE, values)
  const mapped = provider.attributeMapping.map(({ name, nameFormat, value }) => ({
    name,
    nameFormat,
    values: valuesOf(value),
  }))
  if (provider.preset === 'aws-identity-center')
    return mapped
      .filter(({ name, values }) => name.startsWith(ACCESS_CONTROL_PREFIX) && values.length > 0)
      .map((attribute) => ({ ...attribute, values: attribute.values.slice(0, 1) }))
  const own = DEFAULTS.filter(({ name }) => mapped.every((attribute) => attribute.name !== name))
  return [
    ...own.map(({ name, friendlyName, value }) => ({
      name,
      friendlyName,
      nameFormat: ATTRIBUTE_NAME_FORMATS.uri,
      values: valuesOf(value),
    })),
    ...mapped,
  ].filter(({ values }) => values.length > 0)
}
