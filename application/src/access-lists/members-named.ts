import { type AccessList, DomainError, type Member, memberKey, memberName, suggest, type View } from '@gatehouse/domain'

/** A name alone, or with the kind where a user and a list may be called the same. */
export type NamedMember = string | { readonly name: string; readonly kind: Member['kind'] }

/**
 * The entries of a list that go by some names, in any case; the same name twice is one entry.
 * @throws DomainError `not-found` with every name that no entry has, `conflict` for one that several have
 */
export function membersNamed(asked: readonly NamedMember[], list: AccessList, view: View): readonly Member[] {
  const known = list.members.map((member) => memberName(member, view))
  const byName = Map.groupBy(list.members.entries(), ([index]) => known[index]?.toLowerCase())
  const found = new Map<string, Member>()
  const unknown = new Map<string, string>()
  for (const one of asked) {
    const { name, kind } = typeof one === 'string' ? { name: one, kind: undefined } : one
    const [member, ...others] = (byName.get(name.toLowerCase()) ?? [])
      .map(([, entry]) => entry)
      .filter((entry) => kind === undefined || entry.kind === kind)
    if (member && others.length > 0) throw ambiguous(name, [member, ...others], list)
    if (member) found.set(memberKey(member), member)
    else unknown.set(name.toLowerCase(), name)
  }
  const [first, ...others] = unknown.values()
  if (first === undefined) return [...found.values()]
  const kind = `member of "${list.title}"`
  throw new DomainError({ code: 'not-found', kind, name: first, others, ...remedyFor(first, others, known) })
}

function ambiguous(name: string, members: readonly Member[], list: AccessList): DomainError {
  const kinds = members.map(({ kind }) => kind).toSorted()
  return new DomainError({
    code: 'conflict',
    message: `More than one member of "${list.title}" is called "${name}". Nobody was removed.`,
    remedy: `Say also which kind is meant: ${kinds.join(' or ')}.`,
  })
}

function remedyFor(first: string, others: readonly string[], known: readonly string[]) {
  if (others.length > 0) return { remedy: 'Check these names, or leave them out. Nobody was removed.' }
  const suggestion = suggest(first, known)
  return suggestion === undefined ? {} : { suggestion }
}
