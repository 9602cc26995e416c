import { DOMParser, type Document, type Element, type Node } from '@xmldom/xmldom'
import { demand, SamlRefusal } from './saml-refusal.ts'

/** Messages and metadata of SAML have about a dozen levels; readers that recurse must not be led deeper. */
const MOST_LEVELS = 40

/**
 * The root of a message that holds elements, attributes and text and nothing else: no document type, so no entities; no comments
 * and processing instructions, which parsers disagree about.
 * @throws SamlRefusal
 */
export function parseXml(text: string): Element {
  return readRoot(text, isPlain)
}

/** The same of a file that a person brings, where comments do no harm. */
export function parseCommentedXml(text: string): Element {
  return readRoot(text, (node) => isPlain(node) || node.nodeType === node.COMMENT_NODE)
}

function readRoot(text: string, isTaken: (node: Node) => boolean): Element {
  const { documentElement } = parse(text)
  demand(documentElement !== null, 'The XML document is empty.')
  for (const node of nodesOf(documentElement.ownerDocument ?? documentElement)) {
    demand(isTaken(node), `The XML document holds a node of a kind that is not taken (${node.nodeName}).`)
  }
  return documentElement
}

function parse(text: string): Document {
  // Said here too, so that it does not depend on what a parser makes of it.
  demand(!text.includes('<!DOCTYPE'), 'The XML document has a document type.')
  try {
    const parser = new DOMParser({
      onError(_level, message) {
        throw new SamlRefusal(`The XML is not well-formed: ${message}`)
      },
    })
    return parser.parseFromString(text, 'text/xml')
  } catch (error) {
    throw new SamlRefusal(error instanceof Error ? error.message : 'The XML is not well-formed.')
  }
}

/** All below, without recursion. */
function nodesOf(root: Node): readonly Node[] {
  const found: Node[] = []
  let level: readonly Node[] = [root]
  for (let depth = 0; level.length > 0; depth += 1) {
    demand(depth <= MOST_LEVELS, 'The XML document is nested too deeply.')
    level = level.flatMap((node) => [...node.childNodes])
    found.push(...level)
  }
  return found
}

const XML_DECLARATION = 'xml'

function isPlain(node: Node): boolean {
  if (node.nodeType === node.PROCESSING_INSTRUCTION_NODE) return node.nodeName === XML_DECLARATION
  return node.nodeType === node.ELEMENT_NODE || node.nodeType === node.TEXT_NODE
}

export function isNamed(element: Element, namespace: string, name: string): boolean {
  return element.namespaceURI === namespace && element.localName === name
}

export function childrenOf(parent: Element, namespace: string, name: string): readonly Element[] {
  return elementsIn(parent).filter((child) => isNamed(child, namespace, name))
}

export function elementsIn(parent: Element): readonly Element[] {
  return [...parent.childNodes].filter(isElement)
}

/** @throws SamlRefusal unless there is exactly one */
export function onlyChild(parent: Element, namespace: string, name: string): Element {
  const [child, ...more] = childrenOf(parent, namespace, name)
  demand(child !== undefined && more.length === 0, `${parent.localName} must hold exactly one ${name}.`)
  return child
}

/** @throws SamlRefusal when there are elements in it */
export function textOf(element: Element): string {
  demand(elementsIn(element).length === 0, `${element.localName} must hold text only.`)
  return element.textContent ?? ''
}

/** @throws SamlRefusal unless it is a time in UTC as SAML 2.0 Core, 1.3.3 writes it */
export function timeIn(element: Element, attribute: string): number | undefined {
  const text = element.getAttribute(attribute)
  if (text === null) return undefined
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(text) ? Date.parse(text) : Number.NaN
  demand(!Number.isNaN(time), `${element.localName} has the time "${text}" as ${attribute}, which is not one in UTC.`)
  return time
}

function isElement(node: Node): node is Element {
  return node.nodeType === node.ELEMENT_NODE
}
