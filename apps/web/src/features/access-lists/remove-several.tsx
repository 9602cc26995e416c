import type { AccessListDetailView, MemberView, ReviewRowView } from '@gatehouse/api'
import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queryClient } from '../../app/client.ts'
import { useMay } from '../../app/session.ts'
import { formatCount } from '../../components/format-count.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Name } from '../../components/name.tsx'
import { describe, Problem } from '../../components/problem.tsx'
import { longestOf } from '../../components/say-duration.ts'
import { SessionsEnd } from '../../components/sessions-end.tsx'
import { sayName } from '../../components/say-name.ts'
import { useIsGone } from '../../components/use-is-gone.ts'
import { organizationsQuery } from '../organizations/organizations-query.ts'
import { countRemovals, type RemovalCount, WITHOUT_NUMBER } from './count-removals.ts'
import { lossesQuery } from './lists-query.ts'
import { confirmOf, type Refused, removeEach, sayRefused, sayRemoved } from './remove-each.ts'
import { sayMembers, shownAs } from './say-members.ts'

/** So many are named in a question. */
const SAID = 8

interface AskProps {
  readonly list: AccessListDetailView
  readonly asked: readonly MemberView[]
  readonly onRemoved: (members: readonly MemberView[]) => void
  readonly onClose: () => void
}

/** One question about several members: many small removals are confirmed by their number as a large one is. */
export function RemoveSeveral({ list, asked, onRemoved, onClose }: AskProps) {
  const [left, setLeft] = useState(asked)
  const isGone = useIsGone()
  const limit = useLimit()
  const names = asked.map(({ name }) => name)
  const query = useQuery(lossesQuery(list.id, names))
  const remove = useMutation({
    mutationFn: (before: readonly Refused[]) => removeEach(list.id, left, before),
    onSuccess({ removed, refused }) {
      setLeft(refused.map(({ member }) => member))
      onRemoved(removed)
      sayRemoved(list, removed)
      if (isGone.current) sayRefused(list, refused)
      void queryClient.invalidateQueries({ queryKey: ['access-list', list.id] })
      if (refused.length === 0 && !isGone.current) onClose()
    },
  })
  const refused = remove.data?.refused ?? []
  const leaving = new Set(left.map(({ name }) => name))
  const count =
    query.data &&
    countRemovals(
      query.data.filter(({ name }) => leaving.has(name)),
      limit,
    )
  const byServer = refused.reduce((sum, { error }) => sum + (confirmOf(error) ?? 0), 0)
  const meant = byServer > 0 ? byServer : count?.confirm
  const verb = `Remove ${sayMembers(left.length)}`
  return (
    <Modal
      opened
      onClose={onClose}
      title={<span className="wrap clamp">{`Remove ${sayMembers(asked.length)} from "${sayName(list.title)}"?`}</span>}
    >
      <Stack>
        {refused.length === 0 ? (
          <Loaded query={query}>{(rows) => <Losses rows={rows} count={countRemovals(rows, limit)} />}</Loaded>
        ) : (
          <NotRemoved removed={asked.length - left.length} refused={refused} />
        )}
        {remove.isError && <Problem error={remove.error} />}
        <Group>
          <Button
            color="red"
            disabled={count === undefined}
            loading={remove.isPending}
            onClick={() => remove.mutate(refused)}
          >
            {meant === undefined ? verb : `${verb}: all ${formatCount(meant)} removals are meant`}
          </Button>
          <Button variant="default" onClick={onClose}>
            {refused.length === 0 ? 'Leave them' : 'Leave the rest'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** How many may go without a number: the least of any organization, where one may know it. */
function useLimit(): number {
  const mayKnow = useMay('list', 'plugin')
  const { data } = useQuery({ ...organizationsQuery, enabled: mayKnow })
  const limits = data?.items.map(({ removalBudget }) => removalBudget.atLeast) ?? []
  return limits.length === 0 ? WITHOUT_NUMBER : Math.min(...limits)
}

function NotRemoved({ removed, refused }: { readonly removed: number; readonly refused: readonly Refused[] }) {
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title={`${removed === 0 ? 'Nobody' : sayMembers(removed)} ${removed > 1 ? 'are' : 'is'} removed, ${sayMembers(refused.length)} ${refused.length === 1 ? 'is' : 'are'} not`}
    >
      <List size="sm">
        {refused.slice(0, SAID).map(({ member, error }) => {
          const { title, remedy } = describe(error)
          return (
            <List.Item key={member.name} className="wrap">
              {shownAs(member)}: {title} {remedy}
            </List.Item>
          )
        })}
        {refused.length > SAID && <List.Item>and {formatCount(refused.length - SAID)} more</List.Item>}
      </List>
    </Alert>
  )
}

function Losses({ rows, count }: { readonly rows: readonly ReviewRowView[]; readonly count: RemovalCount }) {
  return (
    <>
      {count.confirm !== undefined && (
        <Text size="sm">
          These are {formatCount(count.confirm)} removals: {formatCount(count.people)}{' '}
          {count.people === 1 ? 'person leaves' : 'people leave'} the list
          {count.assignments > 0 &&
            `, and ${count.assignments === 1 ? '1 assignment goes' : `${formatCount(count.assignments)} assignments go`} with it`}
          .
        </Text>
      )}
      <Text size="sm">
        In AWS they lose within a few seconds what they hold in no other way.{' '}
        <SessionsEnd longest={longestOf(rows.map(({ longestSession }) => longestSession))} />
      </Text>
      <List size="sm" className="loss">
        {rows.slice(0, SAID).map(({ name, title, loses: [first], losesCount }) => (
          <List.Item key={name} className="wrap">
            {sayName(title ?? name)}:{' '}
            {first ? (
              <>
                <Name text={first.permissionSet.name} /> on <Name text={first.account.name} />
                {losesCount > 1 && ` and ${formatCount(losesCount - 1)} more`}
              </>
            ) : (
              'nothing in AWS'
            )}
          </List.Item>
        ))}
        {rows.length > SAID && <List.Item>and {formatCount(rows.length - SAID)} more members</List.Item>}
      </List>
    </>
  )
}
