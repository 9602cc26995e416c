import { DomainError } from '@gatehouse/domain'
import { z } from 'zod'

/** A page of what was read with one item more than asked for; the position of the last one shown is the next cursor. */
export function pageOf<T, View>(
  read: readonly T[],
  limit: number,
  present: (item: T) => View,
  positionOf: (item: T) => number,
): { items: View[]; next?: string } {
  const shown = read.slice(0, limit)
  const last = shown.at(-1)
  const hasMore = read.length > limit && last !== undefined
  return { items: shown.map(present), ...(hasMore ? { next: formatCursor(positionOf(last)) } : {}) }
}

/** A page of a whole list; the cursor is how many came before. */
export function sliceOf<T, View>(
  all: readonly T[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  present: (item: T) => View,
): { items: View[]; next?: string } {
  const start = cursor === undefined ? 0 : parseCursor(cursor)
  const end = start + limit
  return { items: all.slice(start, end).map(present), ...(end < all.length ? { next: formatCursor(end) } : {}) }
}

/**
 * The same of a list to which things come and from which they go while somebody reads on, also at its beginning: the
 * cursor says after which thing the next page begins, and after which where that one has gone.
 */
export function sliceAfter<T, View>(
  all: readonly T[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  { idOf, present }: { readonly idOf: (item: T) => string; readonly present: (item: T) => View },
): { items: View[]; next?: string } {
  const start = cursor === undefined ? 0 : startAfter(cursor, all, idOf)
  const shown = all.slice(start, start + limit)
  const end = start + shown.length
  const last = all.slice(Math.max(0, end - REMEMBERED), end).map(idOf)
  const next = `a${Buffer.from(JSON.stringify([end, ...last])).toString('base64url')}`
  return { items: shown.map(present), ...(end < all.length ? { next } : {}) }
}

/** So many things at the end of a page are known to its cursor. */
const REMEMBERED = 3

const placeSchema = z.tuple([z.number().int().nonnegative()], z.string())

function startAfter<T>(cursor: string, all: readonly T[], idOf: (item: T) => string): number {
  if (!cursor.startsWith('a')) return parseCursor(cursor) // of a server before this one
  const [end, ...ids] = parsePlace(cursor)
  for (const id of ids.toReversed()) {
    const index = all.findIndex((item) => idOf(item) === id)
    if (index !== -1) return index + 1
  }
  return Math.max(0, end - ids.length)
}

/** @throws DomainError `invalid-value` unless the server made it. */
function parsePlace(cursor: string): z.infer<typeof placeSchema> {
  try {
    const text = Buffer.from(cursor.slice(1), 'base64url').toString('utf8')
    return placeSchema.parse(JSON.parse(text))
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof z.ZodError)) throw error
  }
  throw unknownCursor(cursor)
}

/** A page of things with parts of their own: it ends early where these would be more than so many. */
export function sliceByParts<T, View>(
  all: readonly T[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
  page: { readonly most: number; readonly partsOf: (item: T) => number; readonly present: (item: T) => View },
): { items: View[]; next?: string } {
  const start = cursor === undefined ? 0 : parseCursor(cursor)
  let [end, parts] = [start, 0]
  for (const item of all.slice(start, start + limit)) {
    parts += page.partsOf(item)
    // One that is larger by itself comes alone.
    if (parts > page.most && end > start) break
    end++
  }
  return { items: all.slice(start, end).map(page.present), ...(end < all.length ? { next: formatCursor(end) } : {}) }
}

/** A page that was cut out already; the cursor is how many came before. */
export function pageFrom<T, View>(
  start: number,
  total: number,
  items: readonly T[],
  present: (item: T) => View,
): { items: View[]; next?: string } {
  const end = start + items.length
  return { items: items.map(present), ...(end < total ? { next: formatCursor(end) } : {}) }
}

/** The part of a whole list that a page shows. */
export interface Range {
  readonly start: number
  readonly end: number
}

export function rangeOf({ limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined }): Range {
  const start = cursor === undefined ? 0 : parseCursor(cursor)
  return { start, end: start + limit }
}

/** Where the next page of lists begins that are shown side by side; it is there while one of them goes on. */
export const nextOf = ({ end }: Range, totals: Readonly<Record<string, number>>): { next?: string } =>
  Object.values(totals).some((total) => total > end) ? { next: formatCursor(end) } : {}

export const formatCursor = (position: number): string => `p${position}`

/** @throws DomainError `invalid-value` unless the server made it. */
export function parseCursor(text: string): number {
  const position = /^p([1-9]\d{0,14})$/.exec(text)?.[1]
  if (position !== undefined) return Number(position)
  throw unknownCursor(text)
}

const unknownCursor = (text: string): DomainError =>
  new DomainError({
    code: 'invalid-value',
    field: 'query.cursor',
    text,
    expected: 'the "next" of the page before',
  })
