import { ApiProblem, type MemberView, type ReviewRowView } from '@gatehouse/api'
import { queryOptions } from '@tanstack/react-query'
import { client } from '../../app/client.ts'

/** So many are named in a question. */
const NAMED = 8

/** What taking several members out together comes to. */
export interface PlannedRemoval {
  readonly members: readonly MemberView[]
  /** Whoever is out already is where he was to be. */
  readonly gone: readonly MemberView[]
  /** What the first of them lose. */
  readonly rows: readonly ReviewRowView[]
  readonly removals: Counted['removals']
  readonly longestSession?: string | undefined
}

type Counted = Pick<Awaited<ReturnType<typeof client.removeMembers>>, 'removals' | 'longestSession'>
const NOTHING: Counted = { removals: { memberships: 0, assignments: 0 } }

/** As it was when it was asked, until it is asked again. */
export const removalQuery = (id: string, asked: readonly MemberView[]) =>
  queryOptions({
    queryKey: ['leaving', id, namesOf(asked)],
    queryFn: ({ signal }) => plan(id, asked, signal),
    staleTime: Infinity,
    gcTime: 0,
  })

/** As the server is to find them, also where two are called the same. */
export const namesOf = (members: readonly MemberView[]) => members.map(({ name, kind }) => ({ name, kind }))

async function plan(id: string, asked: readonly MemberView[], signal: AbortSignal): Promise<PlannedRemoval> {
  const { members, ...counted } = await count(id, asked, signal)
  const rows = await Promise.all(
    members
      .slice(0, NAMED)
      .map(({ name }) => client.listReviewRows({ params: { id }, query: { member: name } }, signal)),
  )
  const left = new Set(members)
  return {
    ...counted,
    members,
    gone: asked.filter((member) => !left.has(member)),
    rows: rows.flatMap(({ items }, index) => items.filter(({ kind }) => kind === members[index]?.kind)),
  }
}

/** The server counts for all who are named or for nobody, and says who of them is not in the list. */
async function count(
  id: string,
  members: readonly MemberView[],
  signal: AbortSignal,
): Promise<Counted & Pick<PlannedRemoval, 'members'>> {
  if (members.length === 0) return { ...NOTHING, members }
  const body = { members: namesOf(members), dryRun: true }
  try {
    return { ...(await client.removeMembers({ params: { id }, body }, signal)), members }
  } catch (error) {
    const missing = new Set(error instanceof ApiProblem ? error.details.missing : [])
    const left = members.filter(({ name }) => !missing.has(name))
    if (left.length === members.length) throw error
    return count(id, left, signal)
  }
}
