import { ACCESS_CONTROL_PREFIX, MAX_ACCESS_CONTROL_ATTRIBUTES } from '../saml/attributes.ts'
import {
  ATTRIBUTE_NAME_FORMATS,
  type AttributeMapping,
  type AttributeNameFormat,
  SERVICE_PROVIDER_PRESETS,
  type ServiceProviderName,
  type ServiceProviderPreset,
} from '../saml/service-provider.ts'
import type { DocumentWarning, ServiceProviderDocument } from './document.ts'
import { openEnvelope, plainName } from './envelope.ts'
import { itemsOf, located, oneOf, openMap, text, textOr, texts } from './fields.ts'
import { invalid, type Value } from './source.ts'
import { checkTexts } from '../predicates/predicate.ts'
import { ATTRIBUTE_SCOPE } from '../predicates/scopes.ts'

/** What AWS takes of an identity provider's metadata; a service provider's is smaller. */
const MAX_DESCRIPTOR = 75_000
const MAX_ADDRESS = 1024
const MAX_RELAY_STATE = 1024
const MAX_ATTRIBUTES = 100

export function parseServiceProvider(value: Value, warnings: DocumentWarning[]): ServiceProviderDocument {
  const { name, labels, spec } = openEnvelope(value, ['v1'])
  const fields = openMap(spec, [
    'entity_descriptor',
    'entity_id',
    'acs_url',
    'preset',
    'relay_state',
    'attribute_mapping',
    'launch_urls',
  ])
  const entityDescriptor = textOr(fields.find('entity_descriptor'), '', MAX_DESCRIPTOR)
  const entityId = textOr(fields.find('entity_id'), '', MAX_ADDRESS)
  const acsUrl = textOr(fields.find('acs_url'), '', MAX_ADDRESS)
  if (entityDescriptor === '' && entityId === '')
    throw invalid(
      spec,
      'it has neither entity_descriptor nor entity_id.',
      'Paste the metadata of the application, or give its entity id and acs_url.',
    )
  if (entityDescriptor === '' && acsUrl === '')
    throw invalid(
      spec,
      'it has an entity_id, and no acs_url.',
      'Add the address to which the application wants its answers posted.',
    )
  const preset = presetOf(fields.find('preset'))
  const attributeMapping = itemsOf(fields.find('attribute_mapping'), 'a list of attributes').map(parseMapping)
  checkMappings(attributeMapping, preset, { spec, warnings })
  return {
    kind: 'saml_idp_service_provider',
    name: plainName(name, 'a service provider') as ServiceProviderName,
    labels,
    entityDescriptor,
    entityId,
    acsUrl,
    preset,
    relayState: textOr(fields.find('relay_state'), '', MAX_RELAY_STATE),
    attributeMapping: attributeMapping.map(({ mapping }) => mapping),
    launchUrls: texts(fields.find('launch_urls')).map((url) => launchUrl(url, spec)),
  }
}

const presetOf = (value: Value | undefined): ServiceProviderPreset =>
  (value && (oneOf(value, ['', ...SERVICE_PROVIDER_PRESETS]) || undefined)) ?? 'unspecified'

interface PlacedMapping {
  readonly mapping: AttributeMapping
  readonly at: Value
}

function parseMapping(value: Value): PlacedMapping {
  const fields = openMap(value, ['name', 'name_format', 'value'])
  const source = fields.get('value')
  const written = text(source, { max: MAX_ADDRESS })
  located(source, () => checkTexts(written, ATTRIBUTE_SCOPE))
  return {
    mapping: {
      name: text(fields.get('name'), { max: MAX_ADDRESS }),
      nameFormat: nameFormatOf(fields.find('name_format')),
      value: written,
    },
    at: value,
  }
}

function nameFormatOf(value: Value | undefined): AttributeNameFormat {
  if (!value) return ATTRIBUTE_NAME_FORMATS.unspecified
  const names = ['unspecified', 'basic', 'uri'] as const
  const given = oneOf(value, ['', ...names, ...names.map((name) => ATTRIBUTE_NAME_FORMATS[name])])
  const name = names.find((candidate) => candidate === given || ATTRIBUTE_NAME_FORMATS[candidate] === given)
  return ATTRIBUTE_NAME_FORMATS[name ?? 'unspecified']
}

function checkMappings(
  mappings: readonly PlacedMapping[],
  preset: ServiceProviderPreset,
  { spec, warnings }: { readonly spec: Value; readonly warnings: DocumentWarning[] },
): void {
  const seen = new Set<string>()
  for (const { mapping, at } of mappings) {
    if (seen.has(mapping.name))
      throw invalid(at, `the attribute "${mapping.name}" stands there twice.`, 'Keep one of them.')
    seen.add(mapping.name)
    if (preset === 'aws-identity-center' && !mapping.name.startsWith(ACCESS_CONTROL_PREFIX))
      warnings.push({
        field: at.path,
        line: at.line,
        message: `"${mapping.name}" is not sent: AWS only reads names that begin with ${ACCESS_CONTROL_PREFIX}`,
      })
  }
  const limit = preset === 'aws-identity-center' ? MAX_ACCESS_CONTROL_ATTRIBUTES : MAX_ATTRIBUTES
  if (mappings.length > limit) throw invalid(spec, `it maps more than ${limit} attributes.`, 'Leave some out.')
}

function launchUrl(url: string, spec: Value): string {
  if (/^https:\/\/[^\s"'<>\\]+$/.test(url)) return url
  throw invalid(spec, `the launch_urls hold "${url.slice(0, 60)}".`, 'Write addresses that begin with https://.')
}
