import type { AccessRequestDetailView } from '@gatehouse/api'
import { Text, Timeline, Title } from '@mantine/core'
import { Time } from '../../components/time.tsx'
import { Prose } from '../../components/prose.tsx'
import { sayName } from '../../components/say-name.ts'

interface Moment {
  readonly at: string
  readonly title: string
  readonly text?: string
}

/** What happened, newest first. */
export function Activity({ request }: { readonly request: AccessRequestDetailView }) {
  const moments = momentsOf(request).toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
  return (
    <section aria-labelledby="activity">
      <Title order={2} id="activity" mb="xs">
        What happened
      </Title>
      <Timeline bulletSize={12} lineWidth={2} active={moments.length}>
        {moments.map(({ at, title, text }) => (
          <Timeline.Item key={`${at} ${title}`} title={<span className="wrap">{title}</span>}>
            {text !== undefined && text !== '' && (
              <Text size="sm" className="wrap">
                <Prose text={text} />
              </Text>
            )}
            <Text size="xs" c="dimmed">
              <Time at={at} />
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </section>
  )
}

const VERBS = { approve: 'approved', deny: 'denied', promote: 'answered with membership' } as const

function momentsOf(request: AccessRequestDetailView): readonly Moment[] {
  const { user, createdAt, reviews, resolvedAt, state, startsAt, expiresAt, assignments } = request
  return [
    { at: createdAt, title: `${sayName(user)} asked` },
    ...reviews.map(({ author, verdict, at, reason, rows, void: isVoid }) => ({
      at,
      title: `${sayName(author)} ${VERBS[verdict]}${rows ? ` ${rows.length} rows` : ''}${isVoid ? ', which is void: it has changed since' : ''}`,
      text: reason,
    })),
    ...(resolvedAt === undefined || state === 'pending' ? [] : [{ at: resolvedAt, title: `The request is ${state}` }]),
    ...(startsAt !== undefined && startsAt !== resolvedAt && Date.parse(startsAt) <= Date.now()
      ? [{ at: startsAt, title: 'The access began' }]
      : []),
    ...assignments.flatMap(({ state: progress, at, permissionSet, accountName }) =>
      progress === 'confirmed' && at !== undefined
        ? [{ at, title: `AWS confirmed ${sayName(permissionSet)} on ${sayName(accountName)}` }]
        : [],
    ),
    ...(expiresAt !== undefined && Date.parse(expiresAt) <= Date.now()
      ? [{ at: expiresAt, title: 'The access ended' }]
      : []),
  ]
}
