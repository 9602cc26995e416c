import { type AccessListDetailView, ApiProblem, type MemberView } from '@gatehouse/api'
import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { client, queryClient } from '../../app/client.ts'
import { formatCount } from '../../components/format-count.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Name } from '../../components/name.tsx'
import { describe, Problem } from '../../components/problem.tsx'
import { sayName } from '../../components/say-name.ts'
import { SessionsEnd } from '../../components/sessions-end.tsx'
import { showToast } from '../../components/toasts.tsx'
import { useIsGone } from '../../components/use-is-gone.ts'
import { addAgain, mayAddAgain } from './add-again.ts'
import { namesOf, type PlannedRemoval, removalQuery } from './removal-query.ts'
import { sayMembers } from './say-members.ts'

interface AskProps {
  readonly list: AccessListDetailView
  readonly asked: readonly MemberView[]
  readonly onRemoved: (members: readonly MemberView[]) => void
  readonly onClose: () => void
}

/** One question about several members, who go together or not at all. */
export function RemoveSeveral({ list, asked, onRemoved, onClose }: AskProps) {
  const isGone = useIsGone()
  const query = useQuery(removalQuery(list.id, asked))
  const planned = query.data
  const remove = useMutation({
    mutationFn: ({ members, removals: { confirm } }: PlannedRemoval) =>
      client.removeMembers({
        params: { id: list.id },
        body: { members: namesOf(members), confirmRemovals: confirm },
      }),
    onSuccess({ removed }, { members }) {
      onRemoved(asked)
      sayRemoved(list, members, removed)
      void queryClient.invalidateQueries({ queryKey: ['access-list', list.id] })
      if (!isGone.current) onClose()
    },
    onError(error) {
      // Who is in it, and with that the number, may be another by now.
      if (isGone.current) sayRefused(list, asked, error)
      else void query.refetch()
    },
  })
  const close = (): void => {
    onRemoved(planned?.gone ?? [])
    onClose()
  }
  const areAllOut = planned?.members.length === 0
  const confirm = planned?.removals.confirm
  const verb = `Remove ${sayMembers(planned?.members.length || asked.length)}`
  return (
    <Modal
      opened
      onClose={close}
      title={<span className="wrap clamp">{`${verb} from "${sayName(list.title)}"?`}</span>}
    >
      <Stack>
        <Loaded query={query}>{(data) => <Plan {...data} />}</Loaded>
        {remove.isError && !query.isError && <Refusal error={remove.error} />}
        <Group>
          <Button
            color="red"
            disabled={!planned || areAllOut}
            loading={remove.isPending || query.isRefetching}
            onClick={() => planned && remove.mutate(planned)}
          >
            {confirm === undefined ? verb : `${verb}: all ${formatCount(confirm)} removals are meant`}
          </Button>
          <Button variant="default" onClick={close}>
            {areAllOut ? 'Close' : 'Leave them'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function Plan({ members, gone, rows, removals, longestSession }: PlannedRemoval) {
  const { memberships, assignments, confirm } = removals
  return (
    <>
      {gone.length > 0 && (
        <Text size="sm">
          {sayMembers(gone.length)} {gone.length === 1 ? 'is' : 'are'} out of the list already.
        </Text>
      )}
      {confirm !== undefined && (
        <Text size="sm">
          These are {formatCount(confirm)} removals:{' '}
          {memberships === 1 ? '1 membership ends' : `${formatCount(memberships)} memberships end`}
          {assignments > 0 &&
            `, and ${assignments === 1 ? '1 assignment goes' : `${formatCount(assignments)} assignments go`} with it`}
          .
        </Text>
      )}
      {members.length > 0 && (
        <>
          <Text size="sm">
            {longestSession === undefined ? (
              'They lose no access to an AWS account: it is held in another way, or the list gives none.'
            ) : (
              <>
                In AWS they lose within a few seconds what they hold in no other way.{' '}
                <SessionsEnd longest={longestSession} />
              </>
            )}
          </Text>
          <List size="sm" className="loss">
            {rows.map(({ name, title, loses: [first], losesCount }) => (
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
            {members.length > rows.length && (
              <List.Item>and {formatCount(members.length - rows.length)} more members</List.Item>
            )}
          </List>
        </>
      )}
    </>
  )
}

/** Others who are in it or another number than was shown: both stand in the question by now. */
function Refusal({ error }: { readonly error: unknown }) {
  const { missing, confirm } = error instanceof ApiProblem ? error.details : {}
  if (missing === undefined && confirm === undefined) return <Problem error={error} />
  return (
    <Alert
      color="yellow"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title="The list was changed meanwhile, and nobody has been removed"
    >
      <Text size="sm">What goes now is said above. If that is meant, remove them again.</Text>
    </Alert>
  )
}

function sayRemoved(list: AccessListDetailView, members: readonly MemberView[], removed: number): void {
  const back = members.filter(mayAddAgain)
  showToast(
    `${sayMembers(removed)} ${removed === 1 ? 'is' : 'are'} out of "${sayName(list.title)}".`,
    back.length === 0 ? undefined : { verb: 'Add again', run: () => void addAgain(list, back) },
  )
}

/** To whoever has closed the question before the answer came. */
function sayRefused(list: AccessListDetailView, asked: readonly MemberView[], error: unknown): void {
  const { title, remedy } = describe(error)
  const who = `${sayMembers(asked.length)} ${asked.length === 1 ? 'is' : 'are'}`
  showToast(`${who} not removed from "${sayName(list.title)}": ${title} ${remedy}`)
}
