import { expect, it } from 'vitest'
import { explain } from './problems.ts'

it.each([
  ['organization', 'There is an organization "acme" already.'],
  ['access list', 'There is an access list "acme" already.'],
  ['user', 'There is a user "acme" already.'],
  ['role', 'There is a role "acme" already.'],
])('says of a taken name which %s has it', (kind, says) => {
  expect(explain({ code: 'already-exists', kind, name: 'acme' }).message).toBe(says)
})

it('names the first of several that are not there, and counts the rest', () => {
  const others = Array.from({ length: 6 }, (_, index) => `user-${index}`)
  const problem = { code: 'not-found', kind: 'user', name: 'ana', others } as const
  expect(explain(problem).message).toBe('there is no user "ana", "user-0", "user-1", "user-2", "user-3" and 2 more.')
  expect(explain({ ...problem, others: ['a\u0007b'] }).message).toBe('there is no user "ana", "a·b".')
})
