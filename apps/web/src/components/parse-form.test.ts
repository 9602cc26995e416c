import { describe, expect, it } from 'vitest'
import { parseFormOf } from './parse-form.ts'

const START = { name: 'ana', roles: ['reader'], notes: { ana: 'lead' } }
const parse = parseFormOf(START)

describe('a form that was kept', () => {
  it('is read back as it was', () => {
    const kept = { name: '', roles: [], notes: { eva: '' } }
    expect(parse(JSON.parse(JSON.stringify(kept)))).toEqual(kept)
  })

  it('is as in the start where nothing is said, or something else than belongs there', () => {
    expect(parse({ name: 'eva' })).toEqual({ ...START, name: 'eva' })
    expect(parse({ name: 1, roles: 'reader', notes: ['x'], other: 'x' })).toEqual(START)
    expect(parse({ roles: ['a', 1], notes: { a: 'b', c: 1 } })).toEqual({ ...START, roles: ['a'], notes: { a: 'b' } })
  })

  it('is none where nothing was kept', () => {
    for (const none of [null, undefined, 'x', 1]) expect(parse(none)).toBeUndefined()
  })
})
