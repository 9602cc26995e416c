import { describe, expect, it } from 'vitest'
import { DomainError } from '../kernel/problems.ts'
import { parseDocuments } from './parse-documents.ts'
import { ROLE_KEYS, ROLE_VALUES } from './role-keys.ts'

const LISTS = new Set(['account_assignments', 'thresholds', 'claims_to_roles', 'rules'])

/** A role with something at one place. */
function roleWith(path: string, content: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const role: Record<string, unknown> = { kind: 'role', metadata: { name: 'a' }, spec: {} }
  let place = role
  const keys = path === '' ? [] : path.split('.')
  for (const key of keys) {
    const inner: Record<string, unknown> = key === 'metadata' ? { name: 'a' } : {}
    place[key] = LISTS.has(key) ? [inner] : inner
    place = inner
  }
  Object.assign(place, content)
  return role
}

function problemOf(role: object) {
  try {
    parseDocuments(JSON.stringify(role))
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return error.problem
    throw error
  }
}

/** A role with a value at each of the places that have some. */
const ROLE_OF: Readonly<Record<string, (value: string) => object>> = {
  version: (value) => ({ ...roleWith('', {}), version: value }),
  'options.request_access': (value) => roleWith('spec.options', { request_access: value }),
  'options.device_trust_mode': (value) => roleWith('spec.options', { device_trust_mode: value }),
  'reason.mode': (value) => roleWith('spec.allow.request.reason', { mode: value }),
  'rules.verbs': (value) => roleWith('spec.allow.rules', { resources: ['user'], verbs: [value] }),
  'rules.resources': (value) => roleWith('spec.allow.rules', { resources: [value], verbs: ['read'] }),
}

describe('the keys of a role that editors offer', () => {
  it.each(Object.entries(ROLE_KEYS))('are known to whoever reads "%s", unlike any other', (path, keys) => {
    for (const key of keys) {
      const isFilled = path === '' || (path === 'metadata' && key === 'name')
      if (!isFilled) expect(problemOf(roleWith(path, { [key]: null }))?.code, key).not.toBe('unknown-field')
    }
    expect(problemOf(roleWith(path, { no_such_key: null }))).toMatchObject({
      code: 'unknown-field',
      field: path === '' ? 'no_such_key' : expect.stringMatching(/\.no_such_key$/),
    })
  })

  it.each(Object.entries(ROLE_VALUES))('have values of "%s" that can be read', (place, values) => {
    expect(values.length).toBeGreaterThan(1)
    const roleOf = ROLE_OF[place]
    for (const value of values) expect(roleOf && problemOf(roleOf(value)), value).toBeUndefined()
    expect(roleOf, 'say what a role with such a value is').toBeDefined()
  })
})
