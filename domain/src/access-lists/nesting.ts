import { DomainError } from '../kernel/problems.ts'
import type { AccessListId } from '../kernel/names.ts'
import { groupTitle } from '../organizations/link.ts'
import { type AccessList, MAX_NESTING_DEPTH } from './access-list.ts'

/**
 * Checks lists as they would be after a change: no circle through members or owners, no chain longer than the limit, no
 * title twice. Only what goes through a changed list is checked, so that what was adopted never blocks other work.
 * @throws DomainError `cycle`, `too-deep`, `already-exists`
 */
export function checkLists(lists: readonly AccessList[], changed: ReadonlySet<AccessListId>): void {
  checkTitles(lists, changed)
  const titles = new Map(lists.map((list) => [list.id, list.title]))
  const inside = new Map(lists.map((list) => [list.id, innerLists(list)]))
  const around = turnRound(inside)
  for (const id of changed) {
    const circle = findCircle(id, inside)
    if (circle) throw new DomainError({ code: 'cycle', path: circle.map((one) => titles.get(one) ?? one) })
  }
  for (const id of changed) {
    const depth = longestChain(id, inside) + longestChain(id, around)
    if (depth > MAX_NESTING_DEPTH) throw new DomainError({ code: 'too-deep', depth, limit: MAX_NESTING_DEPTH })
  }
}

/** A title is the name of an AWS group, and of a second one for owners' grants. */
function checkTitles(lists: readonly AccessList[], changed: ReadonlySet<AccessListId>): void {
  const taken = new Map<string, AccessList>()
  for (const list of [...lists].toSorted((a, b) => Number(changed.has(a.id)) - Number(changed.has(b.id)))) {
    for (const side of ['members', 'owners'] as const) {
      const title = groupTitle(list.title, side).toLowerCase()
      const other = taken.get(title)
      if (other && other.id !== list.id && changed.has(list.id))
        throw new DomainError({
          code: 'already-exists',
          kind: 'access list',
          name: other.title,
          remedy: `Choose another title: the list "${other.id}" has this one, and both would share an AWS group.`,
        })
      if (!other) taken.set(title, list)
    }
  }
}

function innerLists(list: AccessList): readonly AccessListId[] {
  return [...list.members, ...list.owners].flatMap((entry) => (entry.kind === 'list' ? [entry.list] : []))
}

type Edges = ReadonlyMap<AccessListId, readonly AccessListId[]>

function turnRound(edges: Edges): Edges {
  const turned = new Map<AccessListId, AccessListId[]>()
  for (const [from, targets] of edges) for (const to of targets) turned.set(to, [...(turned.get(to) ?? []), from])
  return turned
}

/** The way from a list back to itself, if there is one: breadth first, so that it is a short one. */
function findCircle(start: AccessListId, edges: Edges): readonly AccessListId[] | undefined {
  const cameFrom = new Map<AccessListId, AccessListId | undefined>([[start, undefined]])
  for (const [current] of cameFrom) {
    for (const next of edges.get(current) ?? []) {
      if (next === start) return [...wayTo(current, cameFrom), start]
      if (!cameFrom.has(next)) cameFrom.set(next, current)
    }
  }
  return undefined
}

function wayTo(
  end: AccessListId,
  cameFrom: ReadonlyMap<AccessListId, AccessListId | undefined>,
): readonly AccessListId[] {
  const way: AccessListId[] = []
  for (let at: AccessListId | undefined = end; at !== undefined; at = cameFrom.get(at)) way.unshift(at)
  return way
}

/** Longest chain of links from a list, counted no further than one past the limit, so that no shape can make it slow. */
function longestChain(from: AccessListId, edges: Edges): number {
  let frontier: ReadonlySet<AccessListId> = new Set([from])
  for (let length = 0; length <= MAX_NESTING_DEPTH; length++) {
    frontier = new Set([...frontier].flatMap((id) => edges.get(id) ?? []))
    if (frontier.size === 0) return length
  }
  return MAX_NESTING_DEPTH + 1
}

/** Lists that name this one as member or owner, or escalate to it: until they let go it can't be removed. */
export function listsAround(id: AccessListId, lists: readonly AccessList[]): readonly AccessList[] {
  return lists.filter((list) => list.id !== id && (innerLists(list).includes(id) || escalatesTo(list, id)))
}

const escalatesTo = ({ escalation }: AccessList, id: AccessListId): boolean =>
  escalation !== undefined && escalation.to.some((target) => target.kind === 'list' && target.list === id)
