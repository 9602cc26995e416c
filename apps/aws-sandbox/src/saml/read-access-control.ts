import type { Element } from '@xmldom/xmldom'
import type { Tags } from '../world/records.ts'
import { ASSERTION } from './names.ts'
import { childrenOf, textOf } from './parse-xml.ts'
import { demand } from './saml-refusal.ts'

const PREFIX = 'https://aws.amazon.com/SAML/Attributes/AccessControl:'
const MOST_ATTRIBUTES = 50
const NAME_FORMATS = ['unspecified', 'uri', 'basic'].map(
  (name) => `urn:oasis:names:tc:SAML:2.0:attrname-format:${name}`,
)
/** Of session tags (AWS STS API Reference, "Tag"). */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u
const [LONGEST_KEY, LONGEST_VALUE] = [128, 256]

/**
 * The attributes for access control that an assertion brings, by key; others are ignored (IAM Identity Center User Guide,
 * "Attributes for access control").
 * @throws SamlRefusal
 */
export function readAccessControl(assertion: Element): Tags {
  const statements = childrenOf(assertion, ASSERTION, 'AttributeStatement')
  const attributes = statements.flatMap((statement) => childrenOf(statement, ASSERTION, 'Attribute'))
  const mine = attributes.filter((attribute) => attribute.getAttribute('Name')?.startsWith(PREFIX) === true)
  demand(mine.length <= MOST_ATTRIBUTES, `There are ${mine.length} attributes for access control.`)
  const pairs = mine.map(readAttribute)
  const tags = Object.fromEntries(pairs)
  demand(Object.keys(tags).length === pairs.length, 'An attribute for access control comes twice.')
  return tags
}

function readAttribute(attribute: Element): readonly [string, string] {
  const key = (attribute.getAttribute('Name') ?? '').slice(PREFIX.length)
  const format = attribute.getAttribute('NameFormat')
  demand(format === null || NAME_FORMATS.includes(format), `The attribute ${key} has the name format ${format}.`)
  const values = childrenOf(attribute, ASSERTION, 'AttributeValue')
  const [element] = values
  demand(element !== undefined && values.length === 1, `The attribute ${key} has ${values.length} values.`)
  const value = textOf(element)
  demand(key !== '' && key.length <= LONGEST_KEY && TAG_TEXT.test(key), `"${key}" can't be the key of a tag.`)
  demand(value.length <= LONGEST_VALUE && TAG_TEXT.test(value), `The attribute ${key} can't be the value of a tag.`)
  return [key, value]
}
