interface Page<T> {
  readonly items: readonly T[]
  readonly next?: string | undefined
}

/** All items of a list that comes in pages. */
export async function everyPage<T>(read: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    // Each page says where the next one starts.
    const page = await read(cursor)
    items.push(...page.items)
    cursor = page.next
  } while (cursor !== undefined)
  return items
}

export { LARGEST_PAGE as PAGE } from '@gatehouse/api'
