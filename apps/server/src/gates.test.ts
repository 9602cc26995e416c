import { expect, it } from 'vitest'
import { createGates, TRIED_GATES } from './gates.ts'

const names = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `arn-${i}`)

it('an instance has one gate, whether it is tried or enrolled', () => {
  const gates = createGates(() => ({}))
  const tried = gates.whileTried('arn')
  expect(gates.whileTried('arn')).toBe(tried)
  expect(gates.ofEnrolled('arn')).toBe(tried)
  expect(gates.whileTried('arn')).toBe(tried)
  expect(gates.ofEnrolled('other')).not.toBe(tried)
})

it('of instances that are only tried the latest few keep theirs; enrolled ones keep theirs always', () => {
  let made = 0
  const gates = createGates(() => ({ number: made++ }))
  const enrolled = gates.ofEnrolled('enrolled')
  const first = gates.whileTried('arn-0')
  for (const name of names(TRIED_GATES)) gates.whileTried(name)
  expect(gates.whileTried('arn-0')).toBe(first)
  for (const name of names(TRIED_GATES + 1).slice(1)) gates.whileTried(name)
  expect(gates.whileTried('arn-0')).not.toBe(first)
  expect(gates.ofEnrolled('enrolled')).toBe(enrolled)
})
