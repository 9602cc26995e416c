import { createHash } from 'node:crypto'
import { tokenForSamePage } from '../http/page.ts'
import type { FaultOf } from './fault.ts'

export const LIST_FAULTS = [
  'truncated-page',
  'repeated-page-token',
  'empty-page-with-token',
  'empty-list',
  'half-list',
] as const
export type ListFault = FaultOf<(typeof LIST_FAULTS)[number]>

/** The names under which services carry the token of the next page. SCIM's is `nextCursor`. */
export interface TokenNames {
  readonly next: string
  /** What says beside the token that more follows (IAM). */
  readonly more?: string
}

/** A list answer made wrong the way a fault says, with status 200. Answers that hold no list stay as they are. */
export function spoilAnswer(
  answer: object,
  fault: ListFault,
  context: { readonly token: string | undefined; readonly names: TokenNames; readonly now: number },
): object {
  const list = Object.entries(answer).find(([, value]) => Array.isArray(value))
  if (list === undefined || !Array.isArray(list[1])) return answer
  const [name, rows]: [string, unknown[]] = [list[0], list[1]]
  const { next, more } = context.names
  const noToken = { [next]: undefined, ...(more === undefined ? {} : { [more]: false }) }
  const sameToken = {
    [next]: tokenForSamePage(context.token, context.now),
    ...(more === undefined ? {} : { [more]: true }),
  }
  switch (fault.kind) {
    case 'truncated-page':
      return { ...answer, [name]: rows.slice(0, Math.floor(rows.length / 2)), ...noToken }
    case 'repeated-page-token':
      return { ...answer, ...sameToken }
    case 'empty-page-with-token':
      return { ...answer, [name]: [], ...sameToken }
    case 'empty-list':
      return { ...answer, [name]: [], ...noToken }
    case 'half-list':
      return { ...answer, [name]: rows.filter(isKept) }
  }
}

/** Always the same half, however often and in whatever pages the list is read. */
function isKept(row: unknown): boolean {
  const digest = createHash('sha256').update(JSON.stringify(row)).digest()
  return digest.readUInt8(0) % 2 === 0
}
