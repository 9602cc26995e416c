import type { AccessListDetailView, MemberView } from '@gatehouse/api'
import { client, queryClient } from '../../app/client.ts'
import { formatCount } from '../../components/format-count.ts'
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
  const added: { readonly shown: string; readonly addedBy: string }[] = []
  const refused: string[] = []
  for (const { kind, name, title, reason, expires } of members) {
    if (kind === 'aws-only') continue
    const shown = sayName(title ?? name)
    const body = { kind, name, reason, ...(expires === undefined ? {} : { expires }) }
    try {
      const { addedBy } = await client.addMember({ params: { id: list.id }, body })
      added.push({ shown, addedBy })
    } catch (error) {
      const { title: problem, remedy } = describe(error)
      refused.push(`${shown} is not added again: ${problem} ${remedy}`)
    }
  }
  sayAdded(sayName(list.title), added)
  const [first] = refused
  if (first !== undefined) showToast(refused.length === 1 ? first : `${first} Nor are ${refused.length - 1} more.`)
  await queryClient.invalidateQueries({ queryKey: ['access-list', list.id] })
}

function sayAdded(title: string, added: readonly { readonly shown: string; readonly addedBy: string }[]): void {
  const [first] = added
  if (!first) return
  const who = added.length === 1 ? `${first.shown} is` : `${formatCount(added.length)} members are`
  const rest = added.length === 1 ? 'End and reason are' : 'Ends and reasons are'
  showToast(`${who} in "${title}" again, as of now and added by ${first.addedBy}. ${rest} as before.`)
}
