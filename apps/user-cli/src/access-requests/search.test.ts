import { describe, expect, it } from 'vitest'
import { labelsWidth } from './search.ts'

describe('labels in the table of tsh request search', () => {
  it('take what the other columns leave of the terminal, and never nothing', () => {
    const rows = [
      { name: 'x'.repeat(10), resourceId: 'y'.repeat(30) },
      { name: 'x', resourceId: 'y'.repeat(40) },
    ]
    expect(labelsWidth(rows, 120)).toBe(120 - 10 - 40 - 2)
    expect(labelsWidth(rows, 60)).toBe(20)
    expect(labelsWidth(rows, undefined)).toBe(60)
  })
})
