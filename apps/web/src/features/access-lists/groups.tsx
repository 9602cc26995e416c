import type { AccessListDetailView } from '@gatehouse/api'
import { Card, Group as Row, Stack, Text } from '@mantine/core'
import { Copy } from '../../components/copy.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Name } from '../../components/name.tsx'
import { State } from '../../components/state.tsx'
import { Time } from '../../components/time.tsx'

type GroupView = AccessListDetailView['groups'][number]

const SIDES = { members: 'its members', owners: 'its owners' } as const

/** What the list is in AWS: group by group, who AWS has in it and what is on its way. */
export function Groups({ groups }: Pick<AccessListDetailView, 'groups'>) {
  if (groups.length === 0) return <Text size="sm">It has no group in AWS: it gives nothing in an AWS account.</Text>
  const organizations = new Set(groups.map(({ organization }) => organization))
  return (
    <Stack gap="xs">
      {groups.map((group) => (
        <Card key={`${group.organization}/${group.side}`} withBorder padding="sm">
          <Row gap="xs">
            <Text size="sm" fw={500} className="wrap">
              <Name text={group.name} />
            </Text>
            <Standing group={group} />
          </Row>
          <Text size="sm" c="dimmed">
            {organizations.size > 1 && (
              <>
                In <Name text={group.organization} />:{' '}
              </>
            )}
            {group.id === undefined
              ? `AWS has no group for ${SIDES[group.side]} yet.`
              : `A group of ${SIDES[group.side]}${group.origin === 'adopted' ? ', there before Gatehouse' : ''}`}
          </Text>
          {group.id !== undefined && <InAws group={group} />}
        </Card>
      ))}
    </Stack>
  )
}

/** Whether all is as it should be the drift says; here is what is known to be under way. */
function Standing({ group: { failed = 0, pending = 0 } }: { readonly group: GroupView }) {
  if (failed > 0) return <State state="failed" label={`${formatCount(failed)} failed`} />
  return pending > 0 ? <State state="sent" label={`${formatCount(pending)} on the way`} /> : null
}

function InAws({
  group: { id = '', memberCount, readAt, pending = 0, failed = 0, error },
}: {
  readonly group: GroupView
}) {
  return (
    <>
      <Text size="sm">
        {memberCount === undefined
          ? readAt === undefined
            ? 'AWS has not been read yet.'
            : 'AWS did not have it when it was last read, '
          : `${formatCount(memberCount)} ${memberCount === 1 ? 'member' : 'members'} in AWS, last read `}
        {readAt !== undefined && <Time at={readAt} />}
      </Text>
      {failed > 0 && (
        <Text size="sm" className="wrap">
          {formatCount(failed)} {failed === 1 ? 'change was' : 'changes were'} refused and will be tried again
          {pending > 0 && `, ${formatCount(pending)} more on the way`}.
          {error !== undefined && (
            <>
              {' '}
              AWS said: <Name text={error} most={300} />
            </>
          )}
        </Text>
      )}
      <Copy text={id} what="the id of the group" />
    </>
  )
}
