import { describe, expect, it } from 'vitest'
import { DomainError } from '../kernel/problems.ts'
import { formatDocument } from './format-document.ts'
import { parseDocuments } from './parse-documents.ts'

const ON_CALL = `kind: bundle
version: v1
metadata:
  name: on-call
  description: Where to look at night
  labels:
    team: web
spec:
  title: On call
  accounts:
    - id: "111111111111"
    - name: prod-*
      tags:
        env: prod
        team: [web, ops]
    - organizational_unit: /Root/Workloads/
    - organizational_unit: ou-ab12-cdefghij
  permission_sets: [ReadOnlyAccess, "^(Ops|Billing)$"]
  exclude:
    accounts:
      - tags: { pci: "*" }
    permission_sets: [AdministratorAccess]
`

const parse = (text: string) => parseDocuments(text).map(({ document }) => document)
function problemOf(text: string) {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof DomainError) return error.problem
    throw error
  }
  throw new Error('it was read')
}

describe('a bundle as a document', () => {
  it('says which accounts and permission sets it is made of, and what is left out', () => {
    expect(parse(ON_CALL)).toEqual([
      {
        kind: 'bundle',
        name: 'on-call',
        title: 'On call',
        description: 'Where to look at night',
        labels: { team: 'web' },
        accounts: [
          { id: '111111111111' },
          { name: 'prod-*', tags: { env: ['prod'], team: ['web', 'ops'] } },
          { organizationalUnit: 'Root/Workloads' },
          { organizationalUnit: 'ou-ab12-cdefghij' },
        ],
        permissionSets: ['ReadOnlyAccess', '^(Ops|Billing)$'],
        exclude: { accounts: [{ tags: { pci: ['*'] } }], permissionSets: ['AdministratorAccess'] },
      },
    ])
  })

  it('is written as it was read', () => {
    const [document] = parse(ON_CALL)
    if (!document) throw new Error('nothing was read')
    expect(parse(formatDocument(document))).toEqual([document])
  })

  it.each([
    ['tags:', 'tag:', 'spec.accounts[1].tag', 'tags'],
    ['permission_sets: [R', 'permissions_sets: [R', 'spec.permissions_sets', 'permission_sets'],
    ['exclude:', 'excludes:', 'spec.excludes', 'exclude'],
  ])('refuses an unknown key: %s written %s', (key, typed, field, suggestion) => {
    expect(problemOf(ON_CALL.replace(key, typed))).toMatchObject({ code: 'unknown-field', field, suggestion })
  })

  it.each([
    [
      'an account without any key',
      '- name: prod-*\n      tags:',
      '- tags:',
      'env: prod\n        team: [web, ops]',
      '{}',
    ],
    ['an id of eleven digits', '"111111111111"', '"11111111111"'],
    ['an id without an end of its unit', 'ou-ab12-cdefghij', 'ou-ab12'],
    ['a path with a glob', '/Root/Workloads/', 'Root/*'],
    ['an expression that can not be compiled', 'prod-*', '"^(prod$"'],
    ['no permission set', '[ReadOnlyAccess, "^(Ops|Billing)$"]', '[]'],
  ])('refuses %s', (_, text, instead, more = '', insteadOfMore = '') => {
    expect(problemOf(ON_CALL.replace(text, instead).replace(more, insteadOfMore))).toMatchObject({
      code: 'invalid-document',
    })
  })
})
