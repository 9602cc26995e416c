import { NAMESPACES, type XmlElement, type XmlNode } from './element.ts'
import { findIllegalText } from './legal-text.ts'

/** A text that no XML 1.0 document can hold, not even escaped. */
export class IllegalTextError extends Error {
  readonly position: number
  constructor(position: number) {
    super(`The character at position ${position} can't be part of an XML document.`)
    this.name = 'IllegalTextError'
    this.position = position
  }
}

/**
 * Writes an element in Exclusive Canonical XML 1.0 (W3C, xml-exc-c14n): what is hashed is what is sent, and nothing has
 * to be parsed again to sign it. A namespace is declared where it is first used; attributes have no prefixes, so their
 * order is that of their names; no element is self-closing. @throws IllegalTextError
 */
export const writeCanonical = (node: XmlElement): string => write(node, [])

type Prefix = keyof typeof NAMESPACES

function write(node: XmlNode, declared: readonly Prefix[]): string {
  if (typeof node === 'string') return escapeText(node)
  if ('canonical' in node) return node.canonical
  const prefix = prefixOf(node)
  const isDeclared = declared.includes(prefix)
  const inside = isDeclared ? declared : [...declared, prefix]
  let text = `<${node.name}${isDeclared ? '' : ` xmlns:${prefix}="${NAMESPACES[prefix]}"`}`
  for (const name of Object.keys(node.attributes).toSorted())
    text += ` ${name}="${escapeAttribute(node.attributes[name] ?? '')}"`
  text += '>'
  for (const child of node.children) text += write(child, inside)
  return `${text}</${node.name}>`
}

const prefixOf = ({ name }: XmlElement): Prefix => name.slice(0, name.indexOf(':')) as Prefix // by the type of names

// Canonical form escapes text and attributes differently (Canonical XML 1.0, 2.3, "Text Nodes", "Attribute Nodes").
const TEXT: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' }
const ATTRIBUTE: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

const escapeText = (text: string): string => legal(text).replaceAll(/[&<>\r]/g, (char) => TEXT[char] ?? char)
const escapeAttribute = (text: string): string =>
  legal(text).replaceAll(/[&<"\t\n\r]/g, (char) => ATTRIBUTE[char] ?? char)

function legal(text: string): string {
  const position = findIllegalText(text)
  if (position >= 0) throw new IllegalTextError(position)
  return text
}
