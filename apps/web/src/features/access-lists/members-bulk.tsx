import { ApiProblem, type AccessListDetailView, type MemberView } from '@gatehouse/api'
import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { formatCount } from '../../components/format-count.ts'
import { LinesSkeleton, Skeleton } from '../../components/skeleton.tsx'
import { Name } from '../../components/name.tsx'
import { describe, Problem } from '../../components/problem.tsx'
import { longestOf } from '../../components/say-duration.ts'
import { LONGEST_SESSION, SessionsEnd } from '../../components/sessions-end.tsx'
import { sayName } from '../../components/say-name.ts'
import { showToast } from '../../components/toasts.tsx'
import { addAgain, mayAddAgain } from './add-again.ts'
import { rowQuery } from './lists-query.ts'

/** What each would lose is said of so many; the server works it out one by one. */
const SAID = 8

const members = (count: number): string => (count === 1 ? '1 member' : `${formatCount(count)} members`)
const shownAs = ({ title, name }: MemberView): string => sayName(title ?? name)

/** What may be done with the members that are chosen. */
export function MembersBulk({
  list,
  chosen,
  onRemoved,
  onNone,
}: {
  readonly list: AccessListDetailView
  readonly chosen: readonly MemberView[]
  readonly onRemoved: (members: readonly MemberView[]) => void
  readonly onNone: () => void
}) {
  const [asked, setAsked] = useState<readonly MemberView[]>()
  return (
    <>
      {chosen.length > 0 && (
        <Group gap="xs" role="group" aria-label="What is chosen">
          <Text size="sm">{formatCount(chosen.length)} chosen</Text>
          <Button size="compact-sm" variant="light" color="red" onClick={() => setAsked(chosen)}>
            Remove {members(chosen.length)}
          </Button>
          <Button size="compact-sm" variant="subtle" onClick={onNone}>
            Choose none
          </Button>
        </Group>
      )}
      {asked && <Question list={list} asked={asked} onRemoved={onRemoved} onClose={() => setAsked(undefined)} />}
    </>
  )
}

interface Refused {
  readonly member: MemberView
  readonly error: unknown
}

function Question({
  list,
  asked,
  onRemoved,
  onClose,
}: {
  readonly list: AccessListDetailView
  readonly asked: readonly MemberView[]
  readonly onRemoved: (members: readonly MemberView[]) => void
  readonly onClose: () => void
}) {
  const title = sayName(list.title)
  const [left, setLeft] = useState(asked)
  const remove = useMutation({
    mutationFn: (before: readonly Refused[]) => removeEach(list.id, left, before),
    onSuccess({ removed, refused }) {
      setLeft(refused.map(({ member }) => member))
      onRemoved(removed)
      void queryClient.invalidateQueries({ queryKey: ['access-list', list.id] })
      if (removed.length > 0) sayRemoved(list, removed)
      if (refused.length === 0) onClose()
    },
  })
  const refused = remove.data?.refused ?? []
  const meant = refused.reduce((sum, { error }) => sum + (confirmOf(error) ?? 0), 0)
  const verb = `Remove ${members(left.length)}`
  return (
    <Modal
      opened
      onClose={onClose}
      title={<span className="wrap clamp">{`Remove ${members(asked.length)} from "${title}"?`}</span>}
    >
      <Stack>
        {refused.length === 0 ? (
          <Losses list={list.id} asked={left} />
        ) : (
          <NotRemoved removed={asked.length - left.length} refused={refused} />
        )}
        {remove.isError && <Problem error={remove.error} />}
        <Group>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate(refused)}>
            {meant === 0 ? verb : `${verb}: all ${formatCount(meant)} removals are meant`}
          </Button>
          <Button variant="default" onClick={onClose}>
            {refused.length === 0 ? 'Leave them' : 'Leave the rest'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

const confirmOf = (error: unknown): number | undefined =>
  error instanceof ApiProblem ? error.details.confirm : undefined

/** One after the other: each is a decision of its own, and one that is refused does not keep the others. */
async function removeEach(
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
      if (error instanceof ApiProblem && error.status === 404) removed.push(member)
      else refused.push({ member, error })
    }
  }
  return { removed, refused }
}

function sayRemoved(list: AccessListDetailView, removed: readonly MemberView[]): void {
  const back = removed.filter(mayAddAgain)
  showToast(
    `${members(removed.length)} ${removed.length === 1 ? 'is' : 'are'} out of "${sayName(list.title)}".`,
    back.length === 0 ? undefined : { verb: 'Add again', run: () => void addAgain(list, back) },
  )
}

function NotRemoved({ removed, refused }: { readonly removed: number; readonly refused: readonly Refused[] }) {
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title={`${removed === 0 ? 'Nobody' : members(removed)} ${removed > 1 ? 'are' : 'is'} removed, ${members(refused.length)} ${refused.length === 1 ? 'is' : 'are'} not`}
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

function Losses({ list, asked }: { readonly list: string; readonly asked: readonly MemberView[] }) {
  const said = asked.slice(0, SAID)
  const { rows, error, isPending } = useQueries({
    queries: said.map(({ name }) => rowQuery(list, name)),
    combine: (results) => ({
      rows: results.flatMap(({ data }) => data?.items ?? []),
      error: results.find((one) => one.isError)?.error,
      isPending: results.some((one) => one.isPending),
    }),
  })
  if (error) return <Problem error={error} />
  if (isPending)
    return (
      <Skeleton>
        <LinesSkeleton />
      </Skeleton>
    )
  return (
    <>
      <Text size="sm">
        In AWS they lose within a few seconds what they hold in no other way.{' '}
        <SessionsEnd
          longest={asked.length > SAID ? LONGEST_SESSION : longestOf(rows.map(({ longestSession }) => longestSession))}
        />
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
        {asked.length > SAID && <List.Item>and {formatCount(asked.length - SAID)} more members</List.Item>}
      </List>
    </>
  )
}
