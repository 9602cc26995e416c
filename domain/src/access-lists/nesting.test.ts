import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { DomainError, type Problem } from '../kernel/problems.ts'
import { aList, aMemberList, generate, listId } from '../testing/index.ts'
import type { AccessList } from './access-list.ts'
import { checkLists, listsAround } from './nesting.ts'

const problemOf = (lists: readonly AccessList[], changed = lists.map(({ id }) => id)): Problem | undefined => {
  try {
    checkLists(lists, new Set(changed))
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return error.problem
    throw error
  }
}
const chain = (length: number): AccessList[] =>
  Array.from({ length: length + 1 }, (_, index) =>
    aList(`list ${index}`, { members: index < length ? [aMemberList(`list ${index + 1}`)] : ['ana'] }),
  )

it('D4-29 refuses a circle through owners and members, and names it', () => {
  const lists = [
    aList('a', { members: [aMemberList('b')] }),
    aList('b', { ownerLists: ['c'] }),
    aList('c', { members: [aMemberList('a')] }),
  ]
  expect(problemOf(lists)).toEqual({ code: 'cycle', path: ['a', 'b', 'c', 'a'] })
  expect(problemOf([aList('a', { members: [aMemberList('a')] })])).toMatchObject({ code: 'cycle' })
})

it('refuses every change that closes a circle, and only those', () => {
  fc.assert(
    fc.property(generate.accessLists(), (lists) => {
      const problem = problemOf(lists)
      expect(problem?.code === 'cycle').toBe(lists.some((list) => reaches(list, list, lists)))
    }),
  )
})

function reaches(
  from: AccessList,
  target: AccessList,
  lists: readonly AccessList[],
  seen = new Set<string>(),
): boolean {
  return [...from.members, ...from.owners].some((entry) => {
    if (entry.kind !== 'list') return false
    if (entry.list === target.id) return true
    const inner = lists.find(({ id }) => id === entry.list)
    if (!inner || seen.has(inner.id)) return false
    return reaches(inner, target, lists, seen.add(inner.id))
  })
}

it('D4-30 allows ten links in a chain and refuses the eleventh, wherever it is added', () => {
  expect(problemOf(chain(10))).toBeUndefined()
  for (const changed of [0, 5, 11])
    expect(problemOf(chain(11), [listId(`list ${changed}`)])).toMatchObject({ code: 'too-deep', limit: 10 })
})

it('lets other lists change when one that nobody touches is wrong', () => {
  const wrong = aList('old', { members: [aMemberList('old')] })
  expect(problemOf([wrong, aList('new')], [listId('new')])).toBeUndefined()
})

it('refuses a title twice, ignoring case, and the title of another one’s owner group', () => {
  const first = aList('1', { title: 'Platform' })
  expect(problemOf([first, aList('2', { title: 'platform' })], [listId('2')])).toMatchObject({
    code: 'already-exists',
    name: 'Platform',
  })
  expect(problemOf([first, aList('2', { title: 'Platform (owners)' })])).toMatchObject({ code: 'already-exists' })
})

it('is quick on many lists that all contain the next layer', () => {
  const layers = Array.from({ length: 30 }, (_, layer) =>
    Array.from({ length: 20 }, (__, index) =>
      aList(`${layer}-${index}`, {
        members: Array.from({ length: layer < 29 ? 20 : 0 }, (___, inner) => aMemberList(`${layer + 1}-${inner}`)),
      }),
    ),
  ).flat()
  expect(problemOf(layers)).toMatchObject({ code: 'too-deep' })
})

it('names the lists that a list is in, as member or as owner', () => {
  const lists = [aList('a', { members: [aMemberList('c')] }), aList('b', { ownerLists: ['c'] }), aList('c')]
  expect(listsAround(listId('c'), lists).map(({ title }) => title)).toEqual(['a', 'b'])
})
