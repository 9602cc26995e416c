import type { Service } from '../world/operation.ts'
import type { AwsError } from './aws-error.ts'

interface Tree {
  [name: string]: string | Tree
}

const NAMESPACES: Partial<Record<Service, string>> = {
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
}

export const XML_CONTENT_TYPE = 'text/xml'
const VERSIONS: Readonly<Record<string, Service>> = { '2010-05-08': 'iam', '2011-06-15': 'sts' }

export interface QueryCall {
  readonly service: Service
  readonly operation: string
  /** Nested objects and arrays of strings: `Tags.member.1.Key=a` is `{ Tags: [{ Key: 'a' }] }`. */
  readonly input: unknown
}

export function parseQuery(form: string): QueryCall | undefined {
  const parameters = new URLSearchParams(form)
  const service = VERSIONS[parameters.get('Version') ?? '']
  const operation = parameters.get('Action') ?? ''
  if (service === undefined || operation === '') return undefined
  const tree: Tree = Object.create(null)
  for (const [name, value] of parameters)
    if (name !== 'Action' && name !== 'Version') plant(tree, name.split('.'), value)
  return { service, operation, input: withLists(tree) }
}

export function encodeQueryAnswer(service: Service, operation: string, answer: object, requestId: string): string {
  const result = Object.keys(answer).length === 0 ? '' : element(`${operation}Result`, answer)
  const metadata = element('ResponseMetadata', { RequestId: requestId })
  const name = `${operation}Response`
  return `<${name} xmlns="${NAMESPACES[service] ?? ''}">${result}${metadata}</${name}>`
}

export function encodeQueryError(service: Service, error: AwsError, requestId: string): string {
  const described = element('Error', { Type: error.type, Code: error.code, Message: error.message })
  const request = element('RequestId', requestId)
  return `<ErrorResponse xmlns="${NAMESPACES[service] ?? ''}">${described}${request}</ErrorResponse>`
}

function plant(tree: Tree, [name = '', ...rest]: readonly string[], value: string) {
  if (rest.length === 0) {
    tree[name] = value
    return
  }
  const existing = tree[name]
  const branch: Tree = typeof existing === 'object' ? existing : Object.create(null)
  tree[name] = branch
  plant(branch, rest, value)
}

/** `{ member: { 1: …, 2: … } }` is how the protocol writes a list; an empty one is `Name=`. */
function withLists(value: string | Tree): unknown {
  if (typeof value === 'string') return value
  const { member } = value
  if (typeof member === 'object' && Object.keys(value).length === 1) {
    const numbered = Object.entries(member).toSorted(([a], [b]) => Number(a) - Number(b))
    return numbered.map(([, item]) => withLists(item))
  }
  return Object.fromEntries(Object.entries(value).map(([name, branch]) => [name, withLists(branch)]))
}

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return ''
  return `<${name}>${content(value)}</${name}>`
}

function content(value: unknown): string {
  if (value instanceof Date) return value.toISOString().replace(/\.\d+Z$/, 'Z')
  if (Array.isArray(value)) return value.map((item) => element('member', item)).join('')
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, member]) => element(name, member))
      .join('')
  }
  return escapeXml(String(value))
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
