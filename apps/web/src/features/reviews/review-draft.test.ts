import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createDraftStorage } from './draft-storage.ts'
import {
  applyChanges,
  decidedIn,
  type DraftChanges,
  firstOf,
  isNothing,
  isSame,
  joinChanges,
  memberOf,
  mergeDraft,
  NO_CHANGES,
  type ReviewDraft,
  rowKey,
  type Verdict,
  withoutSent,
} from './review-draft.ts'

const KEYS = ['ana', 'bob', 'eva', 'a/b', '__proto__'].map((name) => rowKey({ kind: 'user', name }))

const verdicts = () =>
  fc
    .array(fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom<Verdict>('keep', 'remove')))
    .map((entries) => new Map(entries))
const notes = () => fc.constantFrom('', 'left', 'left the team')
const drafts = (): fc.Arbitrary<ReviewDraft> =>
  fc.record({ verdicts: verdicts(), keepsRest: fc.boolean(), notes: notes() })
const changes = (): fc.Arbitrary<DraftChanges> =>
  fc.record({ verdicts: verdicts(), keepsRest: fc.boolean(), notes: notes() }, { requiredKeys: ['verdicts'] })

it('comes to the same, one change after the other or both at once', () => {
  fc.assert(
    fc.property(drafts(), changes(), changes(), (draft, first, second) => {
      const joined = applyChanges(draft, joinChanges(first, second))
      expect(asPlain(joined)).toEqual(asPlain(applyChanges(applyChanges(draft, first), second)))
    }),
  )
})

it('loses nothing that is decided while something else is being saved', () => {
  fc.assert(
    fc.property(drafts(), changes(), changes(), (draft, sent, later) => {
      const wanted = applyChanges(draft, joinChanges(sent, later))
      const left = withoutSent(joinChanges(sent, later), sent)
      expect(asPlain(applyChanges(applyChanges(draft, sent), left))).toEqual(asPlain(wanted))
    }),
  )
})

it('saves everything in the end, so many at a time', () => {
  fc.assert(
    fc.property(drafts(), changes(), fc.integer({ min: 1, max: 3 }), (draft, all, most) => {
      let saved = draft
      let left = all
      for (let times = 0; !isNothing(left); times++) {
        expect(times).toBeLessThanOrEqual(KEYS.length)
        const sent = firstOf(left, most)
        expect(sent.verdicts.size).toBeLessThanOrEqual(most)
        saved = applyChanges(saved, sent)
        left = withoutSent(left, sent)
      }
      expect(asPlain(saved)).toEqual(asPlain(applyChanges(draft, all)))
    }),
  )
})

it('keeps what was decided here, and takes over all the rest that was decided elsewhere', () => {
  fc.assert(
    fc.property(drafts(), changes(), changes(), (before, here, elsewhere) => {
      const there = applyChanges(before, elsewhere)
      const merged = applyChanges(there, mergeDraft(before, here, there).changes)
      for (const key of KEYS) expect(merged.verdicts.get(key)).toBe(here.verdicts.get(key) ?? there.verdicts.get(key))
      expect(merged.notes).toBe(here.notes ?? there.notes)
      expect(merged.keepsRest).toBe(here.keepsRest ?? there.keepsRest)
    }),
  )
})

it('says nothing of elsewhere where only this window has decided, also when an answer was lost', () => {
  fc.assert(
    fc.property(drafts(), changes(), (before, here) => {
      expect(mergeDraft(before, here, before).elsewhere).toBeUndefined()
      const saved = applyChanges(before, here)
      const { changes: left, elsewhere } = mergeDraft(before, here, saved)
      expect([isNothing(left), elsewhere]).toEqual([true, undefined])
    }),
  )
})

it('counts what was taken over from elsewhere and what counts no more', () => {
  const [ana = '', bob = '', eva = ''] = KEYS
  const before = { verdicts: new Map([[ana, 'keep'] as const]), keepsRest: false, notes: '' }
  const here: DraftChanges = { verdicts: new Map([[bob, 'keep']]), notes: 'mine' }
  const there: ReviewDraft = {
    verdicts: new Map([
      [ana, 'remove'],
      [bob, 'remove'],
      [eva, 'keep'],
    ]),
    keepsRest: false,
    notes: 'theirs',
  }
  expect(mergeDraft(before, here, there).elsewhere).toEqual({ taken: 2, overruled: 1, notes: 'theirs' })
})

it('is the same where nobody and nothing is decided otherwise, and nothing else is noted', () => {
  fc.assert(
    fc.property(drafts(), changes(), (draft, more) => {
      expect(isSame(draft, { ...draft, verdicts: new Map([...draft.verdicts].toReversed()) })).toBe(true)
      const changed = applyChanges(draft, more)
      const decidesSame = KEYS.every((key) => changed.verdicts.get(key) === draft.verdicts.get(key))
      const saysSame = changed.notes === draft.notes && changed.keepsRest === draft.keepsRest
      expect(isSame(draft, changed)).toBe(decidesSame && saysSame)
    }),
  )
})

it('knows a row by its kind as well, so that a user and a list of one name are two', () => {
  const rows = [
    { kind: 'user', name: 'a/b' },
    { kind: 'list', name: 'a/b' },
    { kind: 'aws-only', name: 'a/b' },
  ] as const
  expect(new Set(rows.map(rowKey)).size).toBe(3)
  expect(rows.map(rowKey).map(memberOf)).toEqual(rows)
})

it('never says that more are decided than there are', () => {
  fc.assert(
    fc.property(drafts(), fc.integer({ min: 0, max: 10 }), (draft, members) => {
      expect(decidedIn(draft, members)).toBeLessThanOrEqual(members)
    }),
  )
})

it('keeps in the browser what is not saved, of all windows, and nothing else', () => {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
    removeItem: (key: string) => void kept.delete(key),
  }
  const of = { user: 'u', list: 'l', dueAt: undefined, revision: 1 }
  fc.assert(
    fc.property(changes(), changes(), (first, second) => {
      kept.clear()
      const [one, other] = [createDraftStorage(of, () => storage), createDraftStorage(of, () => storage)]
      expect([one.add(first), other.add(second)]).toEqual([true, true])
      expect(one.load()).toEqual(joinChanges(first, second))
      one.settle(first)
      expect(one.load()).toEqual(withoutSent(joinChanges(first, second), first))
      other.settle(second)
      expect(one.load()).toEqual(NO_CHANGES)
      expect(kept.size).toBe(0)
      // Who came since was not looked at.
      one.add({ ...first, keepsRest: true })
      const { keepsRest: _, ...rest } = first
      expect(createDraftStorage({ ...of, revision: 2 }, () => storage).load()).toEqual(rest)
      expect(createDraftStorage({ ...of, dueAt: '2027-03-10T00:00:00Z' }, () => storage).load()).toEqual(NO_CHANGES)
    }),
  )
  const full = {
    ...storage,
    setItem: () => {
      throw new Error('full')
    },
  }
  expect(createDraftStorage(of, () => full).add({ verdicts: new Map([['user/ana', 'keep']]) })).toBe(false)
  for (const text of ['', '{', '[]', '1', '{"verdicts":null}', '{"verdicts":{"user/ana":1,"ana":"keep"},"notes":1}']) {
    kept.set('gatehouse.draft.u.review.l', text)
    expect(createDraftStorage(of, () => storage).load()).toEqual(NO_CHANGES)
  }
})

const asPlain = ({ verdicts: map, ...rest }: ReviewDraft) => ({ ...rest, verdicts: Object.fromEntries(map) })
