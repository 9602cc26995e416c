/** What things are put in order by; instants as text or milliseconds. */
export type SortValue = string | number | undefined

/**
 * Puts things in an order by its name in an address: `created`, or `-created` the other way around. What has no value
 * comes last either way, and what is alike stays as it was; an order that is not known changes nothing. Capitals and
 * accents make no difference: `Zoe` comes after `ana`, and `Émile` before `Frank`.
 */
export function inOrder<T>(
  items: readonly T[],
  sort: string | undefined,
  values: Readonly<Record<string, (item: T) => SortValue>>,
): readonly T[] {
  const { by, isDown } = parseSort(sort)
  const valueOf = by !== undefined && Object.hasOwn(values, by) ? values[by] : undefined
  if (!valueOf) return items
  return items
    .map((item) => ({ item, value: comparable(valueOf(item)) }))
    .toSorted((a, b) => compare(a.value, b.value, isDown))
    .map(({ item }) => item)
}

export const parseSort = (sort: string | undefined): { readonly by: string | undefined; readonly isDown: boolean } =>
  sort?.startsWith('-') ? { by: sort.slice(1), isDown: true } : { by: sort, isDown: false }

const comparable = (value: SortValue): SortValue => (typeof value === 'string' ? plainOf(value) : value)

const plainOf = (text: string): string =>
  (isPlain(text) ? text : text.normalize('NFD').replaceAll(/\p{M}/gu, '')).toLowerCase()

const isPlain = (text: string): boolean => /^[ -~]*$/.test(text)

function compare(a: SortValue, b: SortValue, isDown: boolean): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  const isLess = typeof a === 'number' && typeof b === 'number' ? a < b : String(a) < String(b)
  return isLess === isDown ? 1 : -1
}
