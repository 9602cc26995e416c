import fc from 'fast-check'
import { expect, it } from 'vitest'
import { days, plus } from '../kernel/instant.ts'
import { aList, listId, NOW, userId } from '../testing/index.ts'
import { memberKey } from './access-list.ts'
import { changeDraft, currentDraft, decidedIn, type ReviewDraft, type Verdict } from './review-draft.ts'

const NAMES = ['ana', 'bob', 'eva', 'ida', 'mia', 'nobody']
const MEMBERS = NAMES.slice(0, 5)
const LIST = listWith(MEMBERS)
const keyOf = (name: string): string => `user:${userId(name)}`

function listWith(members: readonly string[], { revision = 3, due = 14 } = {}) {
  const list = aList('data', { members: [...members] })
  return { ...list, revision, audit: { ...list.audit, nextAuditDate: plus(NOW, days(due)) } }
}

const verdictMaps = () =>
  fc
    .dictionary(fc.constantFrom(...NAMES), fc.constantFrom<Verdict>('keep', 'remove'))
    .map((verdicts) => new Map(Object.entries(verdicts).map(([name, verdict]) => [keyOf(name), verdict])))
const changes = () =>
  fc.record(
    { verdicts: verdictMaps(), restOf: fc.constantFrom(3, 2, null), notes: fc.string() },
    { requiredKeys: ['verdicts'] },
  )
const draftOf = (given: ReturnType<typeof changeDraft>): ReviewDraft => ({
  list: listId('data'),
  reviewer: userId('rex'),
  version: '1',
  savedAt: NOW,
  ...given,
})

it('holds of each member what was decided last, and nothing of anybody else', () => {
  fc.assert(
    fc.property(changes(), changes(), (first, second) => {
      const draft = draftOf(changeDraft(draftOf(changeDraft(undefined, LIST, first)), LIST, second))
      for (const name of NAMES) {
        const last = second.verdicts.get(keyOf(name)) ?? first.verdicts.get(keyOf(name))
        expect(draft.verdicts[keyOf(name)]).toBe(MEMBERS.includes(name) ? last : undefined)
      }
      expect(draft.notes).toBe(second.notes ?? first.notes ?? '')
      expect(decidedIn(draft, LIST)).toBeLessThanOrEqual(MEMBERS.length)
    }),
  )
})

it('says of nobody who came later that he stays, and forgets who has gone', () => {
  fc.assert(
    fc.property(changes(), fc.subarray(NAMES), (given, members) => {
      const next = listWith(members, { revision: 4 })
      const draft = currentDraft(draftOf(changeDraft(undefined, LIST, given)), next)
      expect(draft?.restOf).toBeUndefined()
      const present = next.members.map(memberKey)
      expect(Object.keys(draft?.verdicts ?? {}).filter((key) => !present.includes(key))).toEqual([])
    }),
  )
})

it('is not there for another date', () => {
  const draft = draftOf(changeDraft(undefined, LIST, { verdicts: new Map(), notes: 'half-way' }))
  expect(currentDraft(draft, listWith(MEMBERS, { due: 100 }))).toBeUndefined()
  expect(currentDraft(draft, LIST)).toEqual(draft)
})
