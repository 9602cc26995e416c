import { expect, it } from 'vitest'
import { parsePattern } from '../kernel/pattern.ts'
import { anOrganization, aUser } from '../testing/index.ts'
import { effectsOfSettings } from './effects-of-settings.ts'

const known = {
  accounts: [
    { id: '1', name: 'prod-a' },
    { id: '2', name: 'dev-a' },
  ],
  groups: [
    { id: 'g1', name: 'aws-admins', isLinked: true },
    { id: 'g2', name: 'others', isLinked: false },
  ],
  users: [aUser('ana', { labels: { team: 'cloud' } }), aUser('boris')],
}
const include = (pattern: string) => [{ include: 'name', pattern: parsePattern(pattern) }] as const

it('nothing is said of settings that change nothing', () => {
  expect(effectsOfSettings(anOrganization(), anOrganization(), known)).toEqual([])
})
it('whoever and whatever leaves or comes is named', () => {
  const before = anOrganization({ mode: 'active', groupFilter: include('aws-*') })
  const after = {
    ...before,
    accountFilter: include('prod-*'),
    groupFilter: include('o*'),
    userFilter: [{ team: 'cloud' }],
    hybrid: true,
  }
  const said = effectsOfSettings(before, after, known).join('\n')
  expect(said).toMatch(/1 accounts leave the filter.*\(dev-a\)/)
  expect(said).toMatch(/1 groups come into the filter: link each.*\(others\)/)
  expect(said).toMatch(/1 groups are outside the filter and stay managed.*\(aws-admins\)/)
  expect(said).toMatch(/1 users leave the filter.*\(boris@acme.example\)/)
  expect(said).toMatch(/Users are pushed no more/)
  expect(effectsOfSettings(after, before, known).join('\n')).toMatch(/1 users come into the filter/)
})
