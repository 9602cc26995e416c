import { expect, it } from 'vitest'
import { parsePattern } from '../kernel/pattern.ts'
import { anAccount, anOrganization, aUser } from '../testing/index.ts'
import { effectsOfSettings } from './effects-of-settings.ts'

const known = {
  accounts: {
    inside: [anAccount('prod-a', '111111111111', { tags: { env: 'prod' } }), anAccount('dev-a', '222222222222')],
    outside: [anAccount('prod-b', '333333333333'), anAccount('old', '444444444444', { tags: { env: 'prod' } })],
  },
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
it('every other setting is named as it was and as it would be', () => {
  const before = anOrganization()
  const after = {
    ...before,
    removalBudget: { atLeast: 0, percent: 0 },
    driftPolicy: { ...before.driftPolicy, 'member-added': 'report' },
    defaultOwners: known.users.slice(1).map(({ id }) => id),
    portalUrl: 'https://d-2.awsapps.com/start',
    rolesSyncMode: before.rolesSyncMode === 'ALL' ? 'NONE' : 'ALL',
  } as const
  const said = effectsOfSettings(before, after, known)
  expect(said).toHaveLength(5)
  expect(said.join('\n')).toMatch(/The limit on removals: \d+, or \d+ % if that is more → 0, or 0 % if that is more\./)
  expect(said.join('\n')).toMatch(/What is done about member added in AWS: revert → report\./)
  expect(said.join('\n')).toMatch(/The owners of lists made from groups: .* → boris@acme\.example\./)
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
  expect(said).toMatch(/1 account leaves the filter: access with an end is taken away there; .*\(dev-a\)/)
  expect(said).toMatch(/1 account comes into the filter \(prod-b\)/)
  expect(said).toMatch(/1 group comes into the filter: link it.*\(others\)/)
  expect(said).toMatch(/1 group is outside the filter and stays managed.*\(aws-admins\)/)
  expect(said).toMatch(/1 user leaves the filter.*\(boris@acme.example\)/)
  expect(said).toMatch(/Users are pushed no more/)
  expect(effectsOfSettings(after, before, known).join('\n')).toMatch(/1 user comes into the filter/)
})
it('accounts whose tags are not known are named, with what becomes of them', () => {
  const before = anOrganization()
  const after = { ...before, accountFilter: [{ include: 'tag', key: 'env', pattern: parsePattern('prod') } as const] }
  const said = effectsOfSettings(before, after, known).join('\n')
  expect(said).toMatch(/1 account stays managed until it is known.*\(dev-a\)/)
  expect(said).toMatch(/1 account stays outside until it is known.*\(prod-b\)/)
  expect(said).toMatch(/1 account comes into the filter \(old\)/)
  expect(said).not.toMatch(/leave the filter/)
})
