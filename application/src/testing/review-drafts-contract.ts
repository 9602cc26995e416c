import { type AccessList, days, instantFromMillis, plus, type ReviewDraft } from '@gatehouse/domain'
import { aList, listId, NOW, userId } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import type { RecordChange } from '../ports/store.ts'
import { problemOf, refusalOf } from './problem-of.ts'
import { putList, putUser, signal, type StoreUnderTest } from './store-scene.ts'

const DUE = plus(NOW, days(14))
const LIST = listOf('data')
const OTHER = listOf('ops')
const OF = { list: LIST.id, reviewer: userId('ana') }

function listOf(name: string, nextAuditDate = DUE): AccessList {
  const list = aList(name, { title: name, members: ['eva'] })
  return { ...list, audit: { ...list.audit, nextAuditDate } }
}

const aDraft = (version: string, more: Partial<ReviewDraft> = {}): ReviewDraft => ({
  ...OF,
  version,
  dueAt: DUE,
  verdicts: { [`user:${userId('eva')}`]: 'remove' },
  restOf: LIST.revision,
  notes: 'left "the" team',
  savedAt: NOW,
  ...more,
})

/** What every adapter of `ReviewDrafts` must do, beside the store whose lists and users the drafts are of. */
export function reviewDraftsContract(make: () => Promise<StoreUnderTest>): void {
  const makeWithLists = async (): Promise<StoreUnderTest> => {
    const made = await make()
    await made.store.commit({ records: [...putUser('ana', 'eva'), ...putList(LIST, OTHER)] }, signal)
    return made
  }
  const makeWithDrafts = async (): Promise<StoreUnderTest> => {
    const made = await makeWithLists()
    await made.drafts.save(aDraft('1'), undefined, signal)
    await made.drafts.save(aDraft('2', { reviewer: userId('eva') }), undefined, signal)
    await made.drafts.save(aDraft('3', { list: OTHER.id }), undefined, signal)
    return made
  }
  const left = async ({ drafts }: StoreUnderTest): Promise<readonly string[]> => {
    const found = await Promise.all([userId('ana'), userId('eva')].map((user) => drafts.listOf(user, signal)))
    return found.flat().map(({ version }) => version)
  }

  it('gives the draft of a review back as it was saved, to its reviewer and for its list', async () => {
    const made = await makeWithDrafts()
    const { drafts, store } = made
    expect(await drafts.find(OF, signal)).toEqual(aDraft('1'))
    expect(await drafts.find({ list: OTHER.id, reviewer: userId('eva') }, signal)).toBeUndefined()
    expect((await left(made)).toSorted()).toEqual(['1', '2', '3'])
    const { restOf: _, ...rest } = aDraft('4', { verdicts: {}, notes: '' })
    await drafts.save(rest, '1', signal)
    expect(await drafts.find(OF, signal)).toEqual(rest)
    // It is nothing that rules are asked about.
    expect(await store.recordsVersion(signal)).toBe(1)
  })

  it('keeps the draft of a review on the version that it was made on, and on no other', async () => {
    const { drafts } = await makeWithDrafts()
    for (const replacing of [undefined, '2', 'none'])
      expect(await refusalOf(drafts.save(aDraft('4'), replacing, signal))).toMatchObject({ code: 'conflict' })
    expect(await refusalOf(drafts.remove({ ...OF, version: '2' }, signal))).toMatchObject({ code: 'conflict' })
    expect(await drafts.find(OF, signal)).toEqual(aDraft('1'))
    await drafts.remove({ ...OF, version: '1' }, signal)
    expect(await drafts.find(OF, signal)).toBeUndefined()
    expect(await refusalOf(drafts.save(aDraft('4'), '1', signal))).toMatchObject({ code: 'conflict' })
  })

  it('takes one of several who change the draft of a review at once', async () => {
    const { drafts } = await makeWithLists()
    for (const replacing of [undefined, 'first']) {
      const names = ['a', 'b', 'c', 'd']
      const saved = await Promise.all(
        names.map((version) => problemOf(drafts.save(aDraft(version), replacing, signal))),
      )
      expect(saved.filter((problem) => problem === undefined)).toHaveLength(1)
      const version = names[saved.indexOf(undefined)] ?? ''
      expect(await drafts.find(OF, signal)).toEqual(aDraft(version))
      await drafts.save(aDraft('first'), version, signal)
    }
  })

  it('drops the draft of a review with its list, with its reviewer, and when its review is filed', async () => {
    const ends: readonly (readonly [RecordChange, readonly string[]])[] = [
      [{ delete: 'list', id: LIST.id }, ['3']],
      [{ delete: 'user', id: userId('ana') }, ['2']],
      [{ delete: 'review-draft', ...OF }, ['3', '2']],
      [{ put: 'list', list: { ...LIST, title: 'New', revision: 2 } }, ['1', '3', '2']],
    ]
    const made = await makeWithDrafts()
    for (const [end, kept] of ends) {
      await made.store.commit({ records: [...putUser('ana', 'eva'), ...putList(LIST, OTHER)] }, signal)
      for (const draft of [aDraft('1'), aDraft('2', { reviewer: userId('eva') }), aDraft('3', { list: OTHER.id })]) {
        const before = await made.drafts.find(draft, signal)
        if (!before) await made.drafts.save(draft, undefined, signal)
      }
      await made.store.commit({ records: [end] }, signal)
      expect((await left(made)).toSorted(), JSON.stringify(end)).toEqual([...kept].toSorted())
    }
  })

  it('drops all drafts of a list that gets another date, and takes none for the date before', async () => {
    const made = await makeWithDrafts()
    const next = plus(DUE, days(90))
    await made.store.commit({ records: putList(listOf('data', next)) }, signal)
    expect(await left(made)).toEqual(['3'])
    expect(await refusalOf(made.drafts.save(aDraft('4'), undefined, signal))).toMatchObject({ code: 'stale' })
    await made.drafts.save(aDraft('5', { dueAt: next }), undefined, signal)
    expect(await made.drafts.find(OF, signal)).toMatchObject({ version: '5', dueAt: next })
  })

  it('keeps the draft of a review of a list that is gone, or nobody’s, not at all', async () => {
    const { drafts } = await makeWithLists()
    const strangers = [
      { list: listId('none') },
      { reviewer: userId('nobody') },
      { dueAt: undefined },
      { dueAt: instantFromMillis(0) },
    ]
    for (const stranger of strangers)
      expect(await refusalOf(drafts.save(aDraft('1', stranger), undefined, signal))).toMatchObject({ code: 'stale' })
  })
}
