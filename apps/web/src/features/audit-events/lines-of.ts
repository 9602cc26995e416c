const PAGE = 1000

/** A line of JSON for each of all that there is. A page is text as soon as it is read, which the browser may keep elsewhere. */
export async function linesOf(
  read: (page: { readonly limit: number; readonly cursor: string | undefined }) => Promise<{
    readonly items: readonly unknown[]
    readonly next?: string | undefined
  }>,
  { signal, onRead }: { readonly signal: AbortSignal; readonly onRead: (count: number) => void },
): Promise<Blob> {
  const pages: Blob[] = []
  let count = 0
  let cursor: string | undefined
  do {
    const { items, next } = await read({ limit: PAGE, cursor })
    signal.throwIfAborted()
    pages.push(new Blob(items.map((item) => `${JSON.stringify(item)}\n`)))
    count += items.length
    onRead(count)
    cursor = next
  } while (cursor !== undefined)
  return new Blob(pages, { type: 'application/x-ndjson' })
}
