import { expect, it } from 'vitest'
import { completeRole } from './complete.ts'

const CATALOGUE = {
  accounts: [
    { value: '111111111111', label: 'prod (111111111111)' },
    { value: '222222222222', label: 'sandbox (222222222222)' },
  ],
  permissionSets: [
    { value: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1', label: 'AdministratorAccess' },
    { value: 'arn:aws:sso:::permissionSet/ssoins-1/ps-2', label: 'ReadOnlyAccess' },
  ],
}
/** The cursor is where the bar is. */
function at(marked: string) {
  const cursor = marked.indexOf('|')
  const text = marked.replace('|', '')
  const found = completeRole(text, cursor, CATALOGUE)
  return {
    labels: found?.options.map(({ label }) => label),
    after: (place = 0) =>
      found && text.slice(0, found.from) + (found.options[place]?.insert ?? '') + text.slice(found.to),
  }
}
const ROLE = `kind: role
version: v8
metadata:
  name: new-role
spec:
  allow:
    account_assignments:
      - account: "111111111111"
        permission_set: Read|
    rules:
      - resources:
          - user
        verbs:
          - li
`

it('offers keys by where the cursor is', () => {
  expect(at('spec:\n  allow:\n    acc|').labels).toEqual(['account_assignments'])
  expect(at('spec:\n  allow:\n    app_labels:\n      a: b\n    re|').labels).toEqual([
    'request',
    'review_requests',
    'app_labels_expression',
  ])
  expect(at('spec:\n  options:\n    max|\n  allow:\n').labels).toEqual(['max_session_ttl'])
  expect(at('spec:\n  allow:\n    request:\n      reason:\n        mo|').labels).toEqual(['mode'])
  expect(at('spec:\n  allow:\n    account_assignments:\n      - acc|').labels).toEqual(['account'])
  expect(at('spec:\n  allow:\n    account_assignments:\n      - account: "1"\n        per|').after()).toMatch(
    /permission_set:$/,
  )
  expect(at('ki|').after()).toBe('kind:')
})

it('offers accounts and permission sets by name, and writes what the role is to hold', () => {
  expect(at(ROLE).labels).toEqual(['ReadOnlyAccess'])
  expect(at(ROLE).after()).toContain('permission_set: arn:aws:sso:::permissionSet/ssoins-1/ps-2\n    rules:')
  const account = at('spec:\n  deny:\n    account_assignments:\n      - account: san|')
  expect(account.labels).toEqual(['sandbox (222222222222)'])
  expect(account.after()).toMatch(/- account: "222222222222"$/)
  expect(at('spec:\n  deny:\n    account_assignments:\n      - account: "san|').after()).toMatch(/: "222222222222"$/)
})

it('offers values that there are few of', () => {
  expect(at('spec:\n  allow:\n    rules:\n      - resources:\n          - use|').labels).toEqual(['user'])
  expect(at('spec:\n  allow:\n    rules:\n      - resources: [user]\n        verbs:\n          - |').labels).toContain(
    'update',
  )
  expect(at('spec:\n  options:\n    request_access: alw|').labels).toEqual(['always'])
})

it('offers nothing where nothing is known, in the middle of a line, and for what is whole', () => {
  expect(at('spec:\n  allow:\n    app_labels:\n      te|').labels).toBeUndefined()
  expect(at('ki|nd: role').labels).toBeUndefined()
  expect(at('spec:\n  options:\n    request_access: always|').labels).toBeUndefined()
  expect(at('spec:\n  allow:\n    account_assignments:\n      - account: 111111111111|').labels).toBeUndefined()
})
