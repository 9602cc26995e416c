import { days, formatInstant, minus, type Organization, plus } from '@gatehouse/domain'
import { anOrganization, aView, NOW } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { type KnownStatus, presentStatus } from './present-status.ts'

const QUIET: KnownStatus = {
  planned: 0,
  now: NOW,
  sweep: { running: false, lastAt: NOW },
  round: { lastAt: NOW },
  adopted: true,
  managed: { users: 0, groups: 0, members: 0, assignments: 0 },
  running: [],
  waiting: [],
  held: [],
  drift: [],
  findings: new Map(),
  notes: [],
  clockBehind: false,
}
const saysOf = (status: Partial<KnownStatus>, mode: Organization['mode']) => {
  const view = aView({ organization: anOrganization({ mode }) })
  const { health, message } = presentStatus('acme', { ...QUIET, ...status }, { view, range: { start: 0, end: 100 } })
  return `${health}: ${message}`
}

it('says that AWS equals the decisions only when nothing is left to change', () => {
  expect(saysOf({}, 'active')).toBe('ok: AWS equals the decisions.')
  expect(saysOf({ planned: 4 }, 'active')).toBe('ok: 4 changes are on the way to AWS.')
  expect(saysOf({ planned: 1 }, 'shadow')).toContain('1 change waits until Gatehouse may write')
})

it('puts what needs somebody first', () => {
  const broken = { sweep: { running: false, lastAt: NOW, error: 'access denied' }, planned: 4 }
  expect(saysOf(broken, 'active')).toBe('failing: AWS could not be read: access denied')
  expect(saysOf({ planned: 4, clockBehind: true }, 'active')).toContain('attention: The clock is behind')
})

it('says how far the first reading has come', () => {
  const progress = { phase: 'members', done: 3, total: 40, since: NOW } as const
  const sweep = { running: true, progress }
  expect(saysOf({ sweep, adopted: false }, 'shadow')).toBe(
    'attention: AWS is being read for the first time: members of groups, 3 of 40.',
  )
  const view = aView({ organization: anOrganization() })
  const range = { start: 0, end: 1 }
  const { sweep: shown } = presentStatus('acme', { ...QUIET, sweep, adopted: false }, { view, range })
  expect(shown.progress).toEqual({ phase: 'members', done: 3, total: 40, since: formatInstant(NOW) })
})

it('shows the last accounts that came under management or fell out of it', () => {
  const view = aView({ organization: anOrganization() })
  const none = { count: 0, names: [] }
  const letIn = { count: 101, names: ['prod (012345678901)'] }
  const accountMoves = { at: NOW, letIn, keptOut: none, addedInAws: none, goneFromAws: none }
  const present = (status: KnownStatus) => presentStatus('acme', status, { view, range: { start: 0, end: 1 } })
  expect(present({ ...QUIET, accountMoves }).accountMoves).toMatchObject({ at: formatInstant(NOW), letIn })
  expect(present(QUIET)).not.toHaveProperty('accountMoves')
})

it('gives what it lists in parts, and says how much there is', () => {
  const notes = ['a', 'b', 'c'].map((about) => ({ kind: 'name-conflict', about, message: about }) as const)
  const view = aView({ organization: anOrganization() })
  const part = (start: number) => presentStatus('acme', { ...QUIET, notes }, { view, range: { start, end: start + 2 } })
  expect(part(0)).toMatchObject({ totals: { notes: 3, held: 0 }, next: 'p2' })
  expect([...part(0).notes, ...part(2).notes]).toEqual(notes)
  expect(part(2)).not.toHaveProperty('next')
})

it('says in time that AWS is about to end the SCIM token, and on which day', () => {
  expect(saysOf({ scimTokenGivenAt: minus(NOW, days(300)) }, 'active')).toBe('ok: AWS equals the decisions.')
  const end = formatInstant(plus(NOW, days(15))).slice(0, 10)
  expect(saysOf({ scimTokenGivenAt: minus(NOW, days(350)) }, 'active')).toContain(
    `attention: AWS ends the SCIM token on ${end}`,
  )
  expect(saysOf({ scimTokenGivenAt: minus(NOW, days(400)) }, 'active')).toContain(
    'attention: AWS ends the SCIM token on',
  )
})
