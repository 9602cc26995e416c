import { type Attr, DOMParser, type Element, Node } from '@xmldom/xmldom'
import { findIllegalText } from './legal-text.ts'

/** An element as it was read: names are resolved, what is not data is gone. */
export interface ReadElement {
  readonly namespace: string
  readonly name: string
  /** Attributes without a namespace. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly ReadElement[]
  /** Of this element alone, not of its children. */
  readonly text: string
}

/** XML that is refused, with why in plain words. */
export class XmlRefusedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'XmlRefusedError'
  }
}

export interface ParseLimits {
  readonly bytes: number
  readonly depth: number
  /** Harmless in a file that a person gives, and a way to hide something in a message. */
  readonly allowComments: boolean
}

/**
 * Reads a document of strangers: UTF-8 only, no document type and so no entities of its own, no processing instructions,
 * bounded in size and depth. @throws XmlRefusedError
 */
export function parseXml(bytes: Uint8Array, limits: ParseLimits): ReadElement {
  if (bytes.length > limits.bytes) throw new XmlRefusedError(`It is larger than ${limits.bytes} bytes.`)
  const text = decode(bytes)
  refuseMarkup(text, limits)
  const root = parse(text)
  return read(root, limits.depth)
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new XmlRefusedError('It is not UTF-8.', { cause })
  }
}

/** What has a meaning without a declaration: the parser leaves every other ampersand as it stands. */
const NO_REFERENCE = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)/

/** Looked for in the text, before any parser could act on it. Inside comments and CDATA they are refused as well. */
function refuseMarkup(text: string, { allowComments }: ParseLimits): void {
  const declaration = /^\s*<\?xml\s[^>]*\?>/.exec(text)?.[0] ?? ''
  if (/\sversion\s*=\s*["'](?!1\.0["'])/.test(declaration)) throw new XmlRefusedError('It is not XML 1.0.')
  const encoding = /encoding\s*=\s*["']([^"']*)["']/.exec(declaration)?.[1]
  if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8')
    throw new XmlRefusedError(`It says that its encoding is ${encoding}; only UTF-8 is read.`)
  const rest = text.slice(declaration.length)
  if (rest.includes('<?')) throw new XmlRefusedError('It has a processing instruction.')
  if (/<!(?!--)/.test(rest)) throw new XmlRefusedError('It has a document type, an entity or CDATA.')
  if (!allowComments && rest.includes('<!--')) throw new XmlRefusedError('It has a comment.')
  if (NO_REFERENCE.test(rest.replaceAll(/<!--[^]*?-->/g, '')))
    throw new XmlRefusedError('It has an ampersand that begins no known reference.')
}

function parse(text: string): Element {
  const parser = new DOMParser({
    onError(level, message) {
      throw new XmlRefusedError(`It is not well-formed XML (${level}): ${message}`)
    },
  })
  try {
    const { documentElement } = parser.parseFromString(text.trim(), 'text/xml')
    if (!documentElement) throw new XmlRefusedError('It is empty.')
    return documentElement
  } catch (cause) {
    if (cause instanceof XmlRefusedError) throw cause
    throw new XmlRefusedError('It is not well-formed XML.', { cause })
  }
}

function read(node: Element, depthLeft: number): ReadElement {
  if (depthLeft === 0) throw new XmlRefusedError('Its elements are nested too deeply.')
  const children: ReadElement[] = []
  let text = ''
  for (const child of node.childNodes) {
    if (child.nodeType === Node.ELEMENT_NODE) children.push(read(child as Element, depthLeft - 1)) // by its node type
    else if (child.nodeType === Node.TEXT_NODE) text += legal(child.nodeValue ?? '')
  }
  return {
    namespace: node.namespaceURI ?? '',
    name: node.localName ?? '',
    attributes: new Map(
      [...node.attributes]
        .filter((attribute: Attr) => !attribute.namespaceURI)
        .map(({ name, value }) => [name, legal(value)]),
    ),
    children,
    text: text.trim(),
  }
}

/** The parser lets them through, above all as numbers. */
function legal(text: string): string {
  if (findIllegalText(text) < 0) return text
  throw new XmlRefusedError('It has a character that XML can not hold.')
}

/** The children of one name. */
export const childrenOf = (parent: ReadElement, namespace: string, name: string): readonly ReadElement[] =>
  parent.children.filter((child) => child.namespace === namespace && child.name === name)

/** The only child of one name. @throws XmlRefusedError when there are more */
export function childOf(parent: ReadElement, namespace: string, name: string): ReadElement | undefined {
  const [first, ...others] = childrenOf(parent, namespace, name)
  if (others.length > 0) throw new XmlRefusedError(`It has more than one ${name}.`)
  return first
}
