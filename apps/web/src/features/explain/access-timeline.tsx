import type { AccessTimelineView } from '@gatehouse/api'
import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Lifeline, type LifeMoment } from '../../components/lifeline.tsx'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Section } from '../../components/section.tsx'
import { State } from '../../components/state.tsx'
import { type Asked, timelineQuery } from './explain-query.ts'

/** So many of the latest steps fit on a screen. */
const SHOWN = 12

/** One permission set on one account of one person: when it was decided, sent, confirmed, last read, and when it ends. */
export function AccessTimeline({ asked }: { readonly asked: Required<Asked> }) {
  const query = useQuery(timelineQuery(asked))
  return <Loaded query={query}>{(timeline) => <Known timeline={timeline} />}</Loaded>
}

function Known({
  timeline: { user, accountName, permissionSetName, aws, moments },
}: {
  readonly timeline: AccessTimelineView
}) {
  const what = `${permissionSetName} on ${accountName}`
  return (
    <Section title={`${what}: what became of it`}>
      <Stack gap="sm" align="flex-start">
        {aws !== undefined && (
          <State
            state={aws === 'confirmed' ? 'confirmed' : 'ended'}
            label={aws === 'confirmed' ? 'in AWS' : 'not in AWS'}
          />
        )}
        {moments.length === 0 ? (
          <Text size="sm">Nothing that happened to it is kept here.</Text>
        ) : (
          <Lifeline label={`The life of ${what} for ${user}`} moments={moments.slice(-SHOWN).map(present)} />
        )}
        {moments.length > SHOWN && (
          <Text size="xs" c="dimmed">
            {moments.length - SHOWN} earlier steps are left out.
          </Text>
        )}
      </Stack>
    </Section>
  )
}

type Moment = AccessTimelineView['moments'][number]

const TITLES: Readonly<Record<Moment['kind'], readonly [title: string, state: LifeMoment['state']]>> = {
  decided: ['Decided', 'done'],
  sent: ['Sent to AWS', 'done'],
  confirmed: ['Confirmed by AWS', 'done'],
  refused: ['AWS refused', 'failed'],
  removed: ['Gone from AWS', 'done'],
  drift: ['Drift, taken back', 'failed'],
  read: ['Last read in AWS', 'done'],
  ends: ['Ends', 'ahead'],
}

function present({ kind, at, text, request }: Moment): LifeMoment {
  const [title, state] = TITLES[kind]
  if (request === undefined) return { title, state, at, text }
  const link = (
    <PageLink to="/requests/$id" params={{ id: request }} size="xs">
      {text}
    </PageLink>
  )
  return { title, state, at, text: link }
}
