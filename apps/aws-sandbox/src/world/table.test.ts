import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createTable } from './table.ts'

interface Row {
  readonly group: string
  readonly value: number
}

function createScene(lag: () => number) {
  let now = 0
  const table = createTable<Row>({
    name: 'rows',
    indexes: { group: (row) => row.group },
    now: () => now,
    isRecording: () => true,
    drawLag: lag,
    onChange: () => {},
  })
  return {
    table,
    advance: (milliseconds: number) => {
      now += milliseconds
      return now
    },
  }
}

const change = fc.record({
  key: fc.constantFrom('a', 'b', 'c'),
  row: fc.option(fc.record({ group: fc.constantFrom('x', 'y'), value: fc.integer() }), { nil: undefined }),
  wait: fc.integer({ min: 0, max: 30 }),
  lag: fc.integer({ min: 0, max: 20 }),
})

it('shows a lagging reader the rows as they were at some earlier moment, and the latest once the lag is over', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      let lag = 0
      const { table, advance } = createScene(() => lag)
      const history = new Map<string, (Row | undefined)[]>()
      for (const { key, row, wait, lag: drawn } of changes) {
        lag = drawn
        history.set(key, [...(history.get(key) ?? [undefined]), row])
        if (row === undefined) table.delete(key)
        else table.set(key, row)
        const now = advance(wait)
        expect(history.get(key)).toContainEqual(table.seen({ now, staleMs: 0 }).get(key))
      }
      const now = advance(100)
      const seen = table.seen({ now, staleMs: 0 })
      expect(new Set(seen.values())).toEqual(new Set(table.values()))
      for (const group of ['x', 'y']) {
        expect(new Set(seen.by('group', group))).toEqual(new Set(table.by('group', group)))
      }
    }),
  )
})

it('answers an index from the state that the reader sees', () => {
  const { table, advance } = createScene(() => 10)
  table.set('a', { group: 'x', value: 1 })
  const early = { now: advance(5), staleMs: 0 }
  expect(table.seen(early).by('group', 'x')).toEqual([])
  const later = { now: advance(10), staleMs: 0 }
  table.set('a', { group: 'y', value: 1 })
  expect(table.seen(later).by('group', 'x')).toHaveLength(1)
  expect(table.seen(later).by('group', 'y')).toEqual([])
  expect(table.by('group', 'y')).toHaveLength(1)
})

it('shows a stale reader what was there before, deletions undone', () => {
  const { table, advance } = createScene(() => 0)
  table.set('a', { group: 'x', value: 1 })
  advance(1_000)
  table.delete('a')
  const now = advance(500)
  expect([...table.seen({ now, staleMs: 0 }).values()]).toEqual([])
  expect([...table.seen({ now, staleMs: 800 }).values()]).toHaveLength(1)
})
