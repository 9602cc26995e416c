const PAGE = 1000

/** All that there is, page by page: of what is searched in the browser. */
export async function everyPage<T>(
  read: (page: { readonly limit: number; readonly cursor: string | undefined }) => Promise<{
    readonly items: readonly T[]
    readonly next?: string | undefined
  }>,
): Promise<readonly T[]> {
  const all: T[] = []
  let cursor: string | undefined
  do {
    const { items, next } = await read({ limit: PAGE, cursor })
    all.push(...items)
    cursor = next
  } while (cursor !== undefined)
  return all
}
