import { expect, it } from 'vitest'
import { sayReviewers } from './list-words.ts'

const owner = (name: string) => ({ kind: 'user' as const, name, description: '' })

it('says by whose reviews a list counts again, and not that every owner has to', () => {
  const [ana, boris, carla] = [owner('ana'), owner('boris'), owner('carla')]
  expect(sayReviewers([ana], { requiredReviewers: 1 })).toBe('ana has')
  expect(sayReviewers([ana, boris], { requiredReviewers: 2 })).toBe('ana, boris have')
  expect(sayReviewers([ana, boris, carla], { requiredReviewers: 1 })).toBe('1 of its owners (ana, boris, carla) has')
  expect(sayReviewers([ana, boris, carla], { requiredReviewers: 2 })).toBe('2 of its owners (ana, boris, carla) have')
})
