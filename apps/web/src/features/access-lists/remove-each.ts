import { ApiProblem, type AccessListDetailView, type MemberView } from '@gatehouse/api'
import { client } from '../../app/client.ts'
import { describe } from '../../components/problem.tsx'
import { sayName } from '../../components/say-name.ts'
import { showToast } from '../../components/toasts.tsx'
import { addAgain, mayAddAgain } from './add-again.ts'
import { sayMembers, shownAs } from './say-members.ts'

export interface Refused {
  readonly member: MemberView
  readonly error: unknown
}

export const confirmOf = (error: unknown): number | undefined =>
  error instanceof ApiProblem ? error.details.confirm : undefined

/** One after the other: each is a decision of its own, and one that is refused does not keep the others. */
export async function removeEach(
  list: string,
  asked: readonly MemberView[],
  before: readonly Refused[],
): Promise<{ readonly removed: readonly MemberView[]; readonly refused: readonly Refused[] }> {
  const removed: MemberView[] = []
  const refused: Refused[] = []
  for (const member of asked) {
    const confirmRemovals = confirmOf(before.find((one) => one.member === member)?.error)
    try {
      await client.removeMember({ params: { id: list, member: member.name }, query: { confirmRemovals } })
      removed.push(member)
    } catch (error) {
      // Whoever is out already is where he was to be.
      if (isNotFound(error) && (await isThere(list))) removed.push(member)
      else refused.push({ member, error })
    }
  }
  return { removed, refused }
}

const isNotFound = (error: unknown): boolean => error instanceof ApiProblem && error.status === 404

/** A list that is gone, or not to be seen any more, says nothing of who was in it. */
const isThere = async (id: string): Promise<boolean> => {
  try {
    await client.getAccessList({ params: { id } })
    return true
  } catch {
    return false
  }
}

export function sayRemoved(list: AccessListDetailView, removed: readonly MemberView[]): void {
  if (removed.length === 0) return
  const back = removed.filter(mayAddAgain)
  showToast(
    `${sayMembers(removed.length)} ${removed.length === 1 ? 'is' : 'are'} out of "${sayName(list.title)}".`,
    back.length === 0 ? undefined : { verb: 'Add again', run: () => void addAgain(list, back) },
  )
}

/** To whoever has closed the question before the answer came. */
export function sayRefused(list: AccessListDetailView, [first, ...others]: readonly Refused[]): void {
  if (!first) return
  const { title, remedy } = describe(first.error)
  const who = `${shownAs(first.member)}${others.length === 0 ? ' is' : ` and ${sayMembers(others.length)} more are`}`
  showToast(`${who} not removed from "${sayName(list.title)}": ${title} ${remedy}`)
}
