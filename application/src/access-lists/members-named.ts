import { type AccessList, DomainError, type Member, memberKey, memberName, suggest, type View } from '@gatehouse/domain'

/**
 * The entries of a list that go by some names, in any case; the same name twice is one entry.
 * @throws DomainError `not-found` with every name that no entry has
 */
export function membersNamed(names: readonly string[], list: AccessList, view: View): readonly Member[] {
  const known = list.members.map((member) => memberName(member, view))
  const byName = new Map<string, Member>()
  for (const [index, member] of list.members.entries()) {
    const name = known[index]?.toLowerCase() ?? ''
    if (!byName.has(name)) byName.set(name, member)
  }
  const found = new Map<string, Member>()
  const unknown = new Map<string, string>()
  for (const name of names) {
    const member = byName.get(name.toLowerCase())
    if (member) found.set(memberKey(member), member)
    else unknown.set(name.toLowerCase(), name)
  }
  const [first, ...others] = unknown.values()
  if (first === undefined) return [...found.values()]
  const kind = `member of "${list.title}"`
  throw new DomainError({ code: 'not-found', kind, name: first, others, ...remedyFor(first, others, known) })
}

function remedyFor(first: string, others: readonly string[], known: readonly string[]) {
  if (others.length > 0) return { remedy: 'Check these names, or leave them out. Nobody was removed.' }
  const suggestion = suggest(first, known)
  return suggestion === undefined ? {} : { suggestion }
}
