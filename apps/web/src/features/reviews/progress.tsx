import type { AccessListView } from '@gatehouse/api'
import { Group, Progress, Text } from '@mantine/core'
import { useSession } from '../../app/session.ts'
import { formatCount } from '../../components/format-count.ts'
import { createDraftStorage } from './draft-storage.ts'
import { decidedIn } from './review-draft.ts'

/** How far this person has come with a list: on the server, or in this browser where that does not know of it yet. */
export function ReviewProgress({ list, saved }: { readonly list: AccessListView; readonly saved: number }) {
  const user = useSession()?.user.id
  const { id, nextAuditDate: dueAt, revision, memberCount: members = 0 } = list
  const unsaved =
    user === undefined ? undefined : createDraftStorage({ user, list: id, dueAt, revision }, () => localStorage).load()
  const here = unsaved ? decidedIn({ keepsRest: false, ...unsaved }, members) : 0
  return <DecidedBar decided={Math.min(members, Math.max(saved, here))} members={members} />
}

export function DecidedBar({ decided, members }: { readonly decided: number; readonly members: number }) {
  const words = `${formatCount(decided)} of ${formatCount(members)} decided`
  return (
    <Group gap="xs" wrap="nowrap">
      <Progress
        value={members === 0 ? 100 : (100 * decided) / members}
        color={decided === members ? 'green' : 'indigo'}
        w={90}
        aria-label={words}
      />
      <Text size="sm">{words}</Text>
    </Group>
  )
}
