import type { AccessListDetailView, MemberView, ReviewRowView } from '@gatehouse/api'
import { List, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { client, queryClient } from '../../app/client.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { formatCount } from '../../components/format-count.ts'
import { SessionsEnd } from '../../components/sessions-end.tsx'
import { showToast } from '../../components/toasts.tsx'
import { sayMany } from '../../components/say-many.ts'
import { Name } from '../../components/name.tsx'
import { sayName } from '../../components/say-name.ts'
import { addAgain, mayAddAgain } from './add-again.ts'
import { rowQuery } from './lists-query.ts'

/** Says what the person loses in AWS before; afterwards the same person can be added again. */
export function RemoveMember({
  list,
  member,
  onClose,
}: {
  readonly list: AccessListDetailView
  readonly member: MemberView | undefined
  readonly onClose: () => void
}) {
  if (!member) return null
  const { name, kind } = member
  const shown = sayName(member.title ?? name)
  const title = sayName(list.title)
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`Remove ${shown} from "${title}"?`}
      verb="Remove member"
      run={(confirmRemovals) =>
        client.removeMember({ params: { id: list.id, member: name }, query: { confirmRemovals, kind } })
      }
      onDone={() => {
        void queryClient.invalidateQueries({ queryKey: ['access-list', list.id] })
        showToast(
          `${shown} is out of "${title}".`,
          mayAddAgain(member) ? { verb: 'Add again', run: () => void addAgain(list, [member]) } : undefined,
        )
      }}
    >
      <Losses list={list.id} member={member} shown={shown} />
    </Confirm>
  )
}

function Losses({
  list,
  member: { name, kind },
  shown,
}: {
  readonly list: string
  readonly member: MemberView
  readonly shown: string
}) {
  const query = useQuery(rowQuery(list, name))
  return (
    <Loaded query={query}>
      {({ items }) => {
        const row = items.find((one) => one.kind === kind)
        return row ? <Loss row={row} shown={shown} /> : <></>
      }}
    </Loaded>
  )
}

const SHOWN = 8

function Loss({
  row: { loses, losesCount, longestSession, kind, people },
  shown,
}: {
  readonly row: ReviewRowView
  readonly shown: string
}) {
  const who = kind === 'list' ? `${shown}, with ${sayMany(people, 'person', 'people')} in it,` : shown
  if (losesCount === 0)
    return (
      <Text size="sm" className="wrap">
        {who} loses no access to an AWS account: it is held in another way, or the list gives none.
      </Text>
    )
  return (
    <>
      <Text size="sm" className="wrap">
        {who} loses this in AWS within a few seconds. <SessionsEnd longest={longestSession} />
      </Text>
      <List size="sm" className="loss">
        {loses.slice(0, SHOWN).map(({ account, permissionSet }) => (
          <List.Item key={`${account.id} ${permissionSet.arn}`} className="wrap">
            <Name text={permissionSet.name} /> on <Name text={account.name} />
          </List.Item>
        ))}
        {losesCount > SHOWN && <List.Item>and {formatCount(losesCount - SHOWN)} more</List.Item>}
      </List>
    </>
  )
}
