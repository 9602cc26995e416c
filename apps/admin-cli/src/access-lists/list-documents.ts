export const PRESETS = ['long-term', 'short-term'] as const

export interface NewList {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly preset: (typeof PRESETS)[number]
  readonly roles: readonly string[]
  readonly owners: readonly string[]
  /** Absent: who is in it is for its owners to say, not for the document. */
  readonly members?: readonly string[]
  readonly frequency?: string
  readonly dayOfMonth?: string
  /** Of what members ask for, in the short-term preset. */
  readonly maxDuration?: string
}

/**
 * The documents of a new list. In the long-term preset its members have the roles; in the short-term one they may ask
 * for them, and its owners review that: each by a role of its own, named for the list.
 */
export function listDocuments(list: NewList): readonly object[] {
  const { id, roles, preset, maxDuration } = list
  if (preset === 'long-term') return [accessList(list, { grants: { roles } })]
  const limit = maxDuration === undefined ? {} : { max_duration: maxDuration }
  const [requester, reviewer] = [`${id}-requester`, `${id}-reviewer`]
  return [
    role(requester, { request: { roles, ...limit } }),
    role(reviewer, { review_requests: { roles } }),
    accessList(list, { grants: { roles: [requester] }, owner_grants: { roles: [reviewer] } }),
  ]
}

/** Lower case, digits and dashes; empty when the title has none of them. */
export const idOf = (title: string): string =>
  title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

const role = (name: string, allow: object): object => ({
  kind: 'role',
  version: 'v8',
  metadata: { name },
  spec: { allow },
})

function accessList(list: NewList, grants: object): object {
  const { id, title, description, owners, members, frequency, dayOfMonth } = list
  const recurrence = {
    ...(frequency === undefined ? {} : { frequency: `${frequency} months` }),
    ...(dayOfMonth === undefined ? {} : { day_of_month: dayOfMonth }),
  }
  return {
    kind: 'access_list',
    version: 'v1',
    metadata: { name: id },
    spec: {
      title,
      ...(description === '' ? {} : { description }),
      owners: owners.map((name) => ({ name })),
      ...(members ? { members: members.map((name) => ({ name })) } : {}),
      ...grants,
      ...(Object.keys(recurrence).length === 0 ? {} : { audit: { recurrence } }),
    },
  }
}
