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
