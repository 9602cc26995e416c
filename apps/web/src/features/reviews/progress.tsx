import type { AccessListView } from '@gatehouse/api'
import { Group, Progress, Text } from '@mantine/core'
import { formatCount } from '../../components/format-count.ts'
import { useDraft } from '../../components/use-draft.ts'
import { decidedIn, draftKey, EMPTY_DRAFT, parseDraft } from './review-draft.ts'

/** How far this person has come with a list, in this browser. */
export function ReviewProgress({ list }: { readonly list: AccessListView }) {
  const { value } = useDraft(draftKey(list), EMPTY_DRAFT, parseDraft)
  const members = list.memberCount ?? 0
  return (
    <DecidedBar
      decided={decidedIn(value.revision === list.revision ? value : EMPTY_DRAFT, members)}
      members={members}
    />
  )
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
