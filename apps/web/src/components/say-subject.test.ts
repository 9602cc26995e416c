import { expect, it } from 'vitest'
import { saySubject } from './say-subject.ts'

it('says what an event is about by its kind and the name it has now', () => {
  const names = { 'user:93670424-a0d1': 'ana@acme.example', 'list:on-call': 'On-call' }
  expect(saySubject('user:93670424-a0d1', names)).toBe('user ana@acme.example')
  expect(saySubject('list:on-call', names)).toBe('list On-call')
})

it('says what has no name any more by its id, and what it does not know as it is', () => {
  expect(saySubject('request:0193-5f', {})).toBe('request 0193-5f')
  expect(saySubject('role:on-call', {})).toBe('role on-call')
  expect(saySubject('service-provider:wiki', {})).toBe('service provider wiki')
  expect(saySubject('planet:mars', {})).toBe('planet:mars')
})
