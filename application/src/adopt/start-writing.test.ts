import { type GroupKey, instantFromMillis, type Operation, type Organization } from '@gatehouse/domain'
import { anOrganization, aRole, aUser, GLOBEX, listId } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { startGovernance } from '../testing/governance-scene.ts'
import { createShownPlans, startWriting } from './start-writing.ts'

const ACME = anOrganization({ name: 'acme', mode: 'shadow' })
const group = 'operators/members' as GroupKey
const gone: Operation = {
  kind: 'delete-group',
  group,
  awsGroup: 'g-1' as Extract<Operation, { kind: 'delete-group' }>['awsGroup'],
  title: 'Operators',
  cause: { kind: 'decided', event: `list:${listId('operators')}` },
}
const added: Operation = { kind: 'create-group', group: 'others/members' as GroupKey, title: 'Others' }

const planOf = (organization: Organization, ...allowed: Operation[]) => ({
  input: { view: { organization } },
  allowed,
  held: [],
})

describe('a plan that somebody has read', () => {
  it('lets a later one start that removes nothing more', () => {
    const shown = createShownPlans()
    const hash = shown.show(planOf(ACME, gone))
    expect(shown.covers(hash, planOf(ACME, gone, added))).toBe(true)
    expect(shown.covers(hash, planOf(ACME, added))).toBe(true)
    const more: Operation = { ...gone, group: 'managers/members' as GroupKey }
    expect(shown.covers(hash, planOf(ACME, gone, more))).toBe(false)
  })

  it('starts nothing in another organization, whose plan reads the same or does less', () => {
    const shown = createShownPlans()
    const hash = shown.show(planOf(ACME, gone))
    shown.show(planOf(GLOBEX, gone))
    expect(shown.covers(hash, planOf(GLOBEX, gone))).toBe(false)
    expect(shown.covers(hash, planOf(GLOBEX, gone, added))).toBe(false)
    expect(shown.covers(hash, planOf(GLOBEX))).toBe(false)
    expect(shown.covers(hash, planOf(ACME, gone))).toBe(true)
  })

  it('starts nothing in one that was removed and enrolled again under its name', () => {
    const shown = createShownPlans()
    const again = { ...ACME, createdAt: instantFromMillis(ACME.createdAt + 1) }
    const hash = shown.show(planOf(ACME, gone))
    expect(shown.covers(hash, planOf(again, gone))).toBe(false)
    expect(shown.covers(hash, planOf(again))).toBe(false)
  })
})

it('starts nothing when the organization was enrolled again since its plan was made', async () => {
  const admin = aRole('admin', { allow: { rules: [{ resources: ['plugin'], verbs: ['*'] }] } })
  const scene = await startGovernance({ users: [aUser('eva', { roles: ['admin'] })], roles: [admin] })
  const [organization] = (await scene.store.readRecords(scene.signal)).organizations
  const former = { ...anOrganization(organization), createdAt: instantFromMillis(1) }
  const shown = createShownPlans()
  const command = (plan: ReturnType<typeof planOf>) => ({
    actor: scene.as('eva'),
    organization: former.name,
    planHash: shown.show(plan),
    plan,
    shown,
  })
  const start = (plan: ReturnType<typeof planOf>) => startWriting(scene, command(plan), scene.signal)
  await expect(start(planOf(former, gone))).rejects.toMatchObject({ problem: { code: 'plan-changed' } })
  expect(await start(planOf(anOrganization(organization), gone))).toMatchObject({ mode: 'active' })
})
