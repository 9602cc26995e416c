import { expect, it } from 'vitest'
import { parseDocument } from 'yaml'
import { assignmentsOf } from './role-summary.ts'
import { setIn } from './set-in.ts'

const HALF_TYPED = [
  'spec:',
  'spec: 3',
  'spec: [a]',
  'spec:\n  allow:',
  'spec:\n  allow: x',
  'kind: role',
  'metadata: text',
]

it('reads nothing from what is half typed, and writes into it all the same', () => {
  for (const text of HALF_TYPED) {
    const yaml = parseDocument(text)
    expect(assignmentsOf(yaml.toJS(), 'allow'), text).toEqual([])
    setIn(yaml, ['spec', 'options', 'max_session_ttl'], '')
    setIn(yaml, ['spec', 'allow', 'account_assignments'], [{ account: '1', permission_set: 'p' }])
    setIn(yaml, ['metadata', 'name'], 'reader')
    expect(assignmentsOf(yaml.toJS(), 'allow'), text).toEqual([{ account: '1', permissionSet: 'p' }])
    expect(yaml.getIn(['metadata', 'name']), text).toBe('reader')
  }
})
