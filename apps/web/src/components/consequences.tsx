import type { HeldAccessView } from '@gatehouse/api'
import { List, Stack, Text } from '@mantine/core'
import { IconMinus, IconPlus } from '@tabler/icons-react'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { client } from '../app/client.ts'
import { Loaded } from './loaded.tsx'
import { formatCount } from './format-count.ts'
import { Name } from './name.tsx'
import { SessionsEnd } from './sessions-end.tsx'

/** Who would gain and lose what by these documents; nothing is saved. */
const consequencesQuery = (text: string) =>
  queryOptions({
    queryKey: ['what-if', text],
    queryFn: ({ signal }) => client.explainChange({ body: { text } }, signal),
    staleTime: 0,
  })

const SHOWN = 50

export function Consequences({ text }: { readonly text: string }) {
  const query = useQuery(consequencesQuery(text))
  return (
    <Loaded query={query}>
      {({ gained, lost, gainedTotal, lostTotal, longestSession }) =>
        gainedTotal + lostTotal === 0 ? (
          <Text size="sm">Nobody gains or loses access to an AWS account by this.</Text>
        ) : (
          <Stack gap="xs" role="group" aria-label="Who gains and loses what">
            <Text size="sm">
              {formatCount(gainedTotal)} gained, {formatCount(lostTotal)} lost. AWS is told within seconds.{' '}
              <SessionsEnd longest={longestSession} />
            </Text>
            <Difference sign="+" held={gained} total={gainedTotal} />
            <Difference sign="-" held={lost} total={lostTotal} />
          </Stack>
        )
      }
    </Loaded>
  )
}

function Difference({
  sign,
  held,
  total,
}: {
  readonly sign: '+' | '-'
  readonly held: readonly HeldAccessView[]
  readonly total: number
}) {
  if (total === 0) return null
  const shown = held.slice(0, SHOWN)
  return (
    <List
      size="sm"
      spacing={2}
      className={sign === '+' ? 'gain' : 'loss'}
      icon={sign === '+' ? <IconPlus size={14} aria-label="gains" /> : <IconMinus size={14} aria-label="loses" />}
    >
      {shown.map(({ user, account, accountName, permissionSet, permissionSetName }) => (
        <List.Item key={`${user} ${account} ${permissionSet}`}>
          <span className="wrap">
            <Name text={user} />: <Name text={permissionSetName} /> on <Name text={accountName} />
          </span>
        </List.Item>
      ))}
      {total > shown.length && <List.Item>and {formatCount(total - shown.length)} more</List.Item>}
    </List>
  )
}
