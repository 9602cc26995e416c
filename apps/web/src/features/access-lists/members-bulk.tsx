import type { AccessListDetailView, MemberView } from '@gatehouse/api'
import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { formatCount } from '../../components/format-count.ts'
import { RemoveSeveral } from './remove-several.tsx'
import { sayMembers } from './say-members.ts'

export const idOf = ({ kind, name }: MemberView): string => `${kind} ${name}`

/** What may be done with the members that are chosen; some may have been chosen by another search. */
export function MembersBulk({
  list,
  chosen,
  shown,
  onRemoved,
  onOnly,
}: {
  readonly list: AccessListDetailView
  readonly chosen: readonly MemberView[]
  /** Their ids, as far as they are read. */
  readonly shown: ReadonlySet<string>
  readonly onRemoved: (members: readonly MemberView[]) => void
  /** Only these are to be chosen. */
  readonly onOnly: (members: readonly MemberView[]) => void
}) {
  const [asked, setAsked] = useState<readonly MemberView[]>()
  const inSight = chosen.filter((member) => shown.has(idOf(member)))
  const hidden = chosen.length - inSight.length
  return (
    <>
      {chosen.length > 0 && (
        <Group gap="xs" role="group" aria-label="What is chosen">
          <Text size="sm">
            {formatCount(chosen.length)} chosen{hidden > 0 && `, ${formatCount(hidden)} of them not shown`}
          </Text>
          <Button size="compact-sm" variant="light" color="red" onClick={() => setAsked(chosen)}>
            Remove {sayMembers(chosen.length)}
          </Button>
          {hidden > 0 && inSight.length > 0 && (
            <Button size="compact-sm" variant="subtle" onClick={() => onOnly(inSight)}>
              Choose only what is shown
            </Button>
          )}
          <Button size="compact-sm" variant="subtle" onClick={() => onOnly([])}>
            Choose none
          </Button>
        </Group>
      )}
      {asked && <RemoveSeveral list={list} asked={asked} onRemoved={onRemoved} onClose={() => setAsked(undefined)} />}
    </>
  )
}
