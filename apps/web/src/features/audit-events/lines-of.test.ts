import { expect, it } from 'vitest'
import { linesOf } from './lines-of.ts'

const PAGES = [[{ seq: 1 }, { seq: 2 }], [], [{ seq: 3 }]]

const read = async ({ cursor }: { readonly cursor: string | undefined }) => {
  const at = Number(cursor ?? 0)
  return { items: PAGES[at] ?? [], ...(at + 1 < PAGES.length ? { next: String(at + 1) } : {}) }
}

it('writes a line for each, page by page, and says how many there are by then', async () => {
  const counts: number[] = []
  const signal = new AbortController().signal
  const lines = await linesOf(read, { signal, onRead: (count) => counts.push(count) })
  expect(await lines.text()).toBe('{"seq":1}\n{"seq":2}\n{"seq":3}\n')
  expect(counts).toEqual([2, 2, 3])
})

it('reads no further page and gives nothing once it is stopped, also after the last', async () => {
  for (const [stopAfter, pages] of [
    [1, 1],
    [3, 3],
  ] as const) {
    const stop = new AbortController()
    let begun = 0
    const lines = linesOf(
      (page) => {
        begun++
        if (begun === stopAfter) stop.abort()
        return read(page)
      },
      { signal: stop.signal, onRead: () => undefined },
    )
    await expect(lines).rejects.toThrow(/abort/)
    expect(begun).toBe(pages)
  }
})
