import type { AccessListDetailView, MemberView } from '@gatehouse/api'
import { client, queryClient } from '../../app/client.ts'
import { describe } from '../../components/problem.tsx'
import { sayName } from '../../components/say-name.ts'
import { showToast } from '../../components/toasts.tsx'

/** Nobody is given back a membership whose end has passed, and AWS alone knows whom it alone knows. */
export const mayAddAgain = ({ kind, expires }: MemberView): boolean =>
  kind !== 'aws-only' && (expires === undefined || Date.parse(expires) > Date.now())

/**
 * Those who were removed a moment ago, again: it is another membership, for when somebody joined and who added him is
 * the server's to say.
 */
export async function addAgain(list: AccessListDetailView, members: readonly MemberView[]): Promise<void> {
  const title = sayName(list.title)
  for (const { kind, name, title: called, reason, expires } of members) {
    if (kind === 'aws-only') continue
    const shown = sayName(called ?? name)
    const body = { kind, name, reason, ...(expires === undefined ? {} : { expires }) }
    try {
      const { addedBy } = await client.addMember({ params: { id: list.id }, body })
      showToast(`${shown} is in "${title}" again, as of now and added by ${addedBy}. End and reason are as before.`)
    } catch (error) {
      const { title: problem, remedy } = describe(error)
      showToast(`${shown} is not added again: ${problem} ${remedy}`)
    }
  }
  await queryClient.invalidateQueries({ queryKey: ['access-list', list.id] })
}
