import { expect, it } from 'vitest'
import { countRemovals } from './count-removals.ts'

const person = (losesCount: number) => ({ kind: 'user' as const, people: 1, losesCount })

it('asks for the number where many small removals are a large one together', () => {
  expect(countRemovals(Array.from({ length: 10 }, () => person(1)))).toEqual({ people: 10, assignments: 10 })
  expect(countRemovals(Array.from({ length: 11 }, () => person(0))).confirm).toBe(11)
  expect(countRemovals([person(5), person(6)]).confirm).toBe(13)
  expect(countRemovals([person(5), person(6)], 100).confirm).toBeUndefined()
})

it('counts the people in a list that goes, and one for who is known to AWS alone', () => {
  expect(countRemovals([{ kind: 'list', people: 60, losesCount: 2 }])).toEqual({
    people: 60,
    assignments: 2,
    confirm: 62,
  })
  expect(countRemovals([{ kind: 'aws-only', people: 0, losesCount: 0 }]).people).toBe(1)
})
