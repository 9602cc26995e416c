import { expect, it } from 'vitest'
import { sayMany } from './say-many.ts'

it('says one of a thing by its own word, and none and several by the other', () => {
  expect(sayMany(1, 'member')).toBe('1 member')
  expect(sayMany(0, 'member')).toBe('0 members')
  expect(sayMany(1, 'person', 'people')).toBe('1 person')
  expect(sayMany(2000, 'person', 'people')).toBe('2,000 people')
})
