import { describe, expect, it } from 'vitest'
import { days, type Instant, minus, plus } from '../kernel/instant.ts'
import { aList, aMember, NOW, userId } from '../testing/builders.ts'
import { type AccessList, DEFAULT_SCHEDULE } from './access-list.ts'
import { remindersOf, remindersToRecord } from './reminders.ts'

const DUE = plus(NOW, days(20))
const list = (more: Partial<AccessList> = {}): AccessList => ({
  ...aList('platform', {
    members: ['ana'],
    audit: { ...DEFAULT_SCHEDULE, nextAuditDate: DUE, suspendAfter: days(7) },
    escalation: { after: days(2), to: [{ kind: 'user', user: userId('chiara') }] },
  }),
  ...more,
})
const stagesAt = (at: Instant, one = list()): readonly string[] => remindersOf(one, at).map(({ stage }) => stage)

describe('the reminders of a review', () => {
  it('come stage by stage: when it opens, soon, at its date, when it goes further, and when the list is suspended', () => {
    expect(stagesAt(NOW)).toEqual([])
    expect(stagesAt(minus(DUE, days(14)))).toEqual(['open'])
    expect(stagesAt(minus(DUE, days(3)))).toEqual(['open', 'soon'])
    expect(stagesAt(DUE)).toEqual(['open', 'soon', 'overdue'])
    expect(stagesAt(plus(DUE, days(2)))).toEqual(['open', 'soon', 'overdue', 'escalated'])
    expect(stagesAt(plus(DUE, days(7))).at(-1)).toBe('suspended')
  })
  it('are not for a list that nobody is in', () => {
    expect(stagesAt(DUE, list({ members: [] }))).toEqual([])
    expect(stagesAt(DUE, list({ members: [aMember('ana', { expires: NOW })] }))).toEqual([])
  })
  it('are recorded once for each stage, and again for the next date', () => {
    const first = remindersToRecord(list(), DUE)
    expect(first?.record.map(({ stage }) => stage)).toEqual(['overdue'])
    const reminded = list(first && { reminded: first.reminded })
    expect(remindersToRecord(reminded, plus(DUE, days(1)))).toBeUndefined()
    const next = { ...reminded, audit: { ...reminded.audit, nextAuditDate: plus(DUE, days(180)) } }
    expect(remindersToRecord(next, plus(DUE, days(180)))?.record).toHaveLength(1)
  })
  it('that were missed are passed over, except what changes anything for somebody', () => {
    const late = remindersToRecord(list(), plus(DUE, days(30)))
    expect(late?.record.map(({ stage }) => stage)).toEqual(['escalated', 'suspended'])
    expect(late?.reminded.stages).toHaveLength(5)
  })
})
