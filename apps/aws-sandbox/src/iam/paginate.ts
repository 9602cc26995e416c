import { invalidInput } from './iam-error.ts'

export interface Page<Item> {
  readonly items: readonly Item[]
  /** `Marker` is there only when `IsTruncated` is true. */
  readonly paging: { readonly IsTruncated: boolean; readonly Marker?: string }
}

/**
 * One page of a list in IAM's way: sorted by name, from the marker on. The marker is opaque to clients; here it names
 * the last item given, so that what is added or deleted between two pages loses nothing else.
 */
export function paginate<Item>(
  items: Iterable<Item>,
  nameOf: (item: Item) => string,
  { Marker, MaxItems }: { Marker?: string | undefined; MaxItems: number },
): Page<Item> {
  const after = Marker === undefined ? undefined : decodeMarker(Marker)
  const remaining = [...items]
    .toSorted((left, right) => compare(nameOf(left), nameOf(right)))
    .filter((item) => after === undefined || compare(nameOf(item), after) > 0)
  const page = remaining.slice(0, MaxItems)
  const last = page.at(-1)
  if (last === undefined || page.length === remaining.length) return { items: page, paging: { IsTruncated: false } }
  return { items: page, paging: { IsTruncated: true, Marker: encodeMarker(nameOf(last)) } }
}

const PREFIX = 'after:'

function encodeMarker(name: string): string {
  return Buffer.from(`${PREFIX}${name}`).toString('base64')
}

function decodeMarker(marker: string): string {
  const text = Buffer.from(marker, 'base64').toString()
  if (!text.startsWith(PREFIX)) throw invalidInput(`Invalid Marker: ${marker}`)
  return text.slice(PREFIX.length)
}

function compare(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
