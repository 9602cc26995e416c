import { ActionIcon, Card, Group, List, Text, ThemeIcon, Title, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconCircle, IconX } from '@tabler/icons-react'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../app/client.ts'
import { useMay } from '../../app/session.ts'
import { PageLink } from '../../components/link.tsx'
import { organizationsQuery, statusQuery } from '../organizations/organizations-query.ts'

/** Somebody who wants none of it is not asked again in this browser. */
const PUT_AWAY = 'gatehouse.first-steps.away'

/** What leads a new server to its first review, for whoever may install organizations; gone once all of it is done. */
export function FirstSteps() {
  const mayInstall = useMay('create', 'plugin')
  const [isAway, setAway] = useState(isPutAway)
  if (!mayInstall || isAway) return null
  return (
    <Known
      onPutAway={() => {
        putAway()
        setAway(true)
      }}
    />
  )
}

function isPutAway(): boolean {
  try {
    return localStorage.getItem(PUT_AWAY) !== null
  } catch {
    return false
  }
}

/** A browser that keeps nothing shows them again with the next page. */
function putAway(): void {
  try {
    localStorage.setItem(PUT_AWAY, 'yes')
  } catch {
    // Full, or forbidden.
  }
}

function Known({ onPutAway }: { readonly onPutAway: () => void }) {
  const organizations = useQuery(organizationsQuery)
  const lists = useQuery({
    queryKey: ['first-steps', 'lists'],
    queryFn: ({ signal }) => client.listAccessLists({ query: { limit: 100 } }, signal),
  })
  const statuses = useQueries({
    queries: (organizations.data?.items ?? []).map(({ name }) => statusQuery(name)),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  })
  const reviews = useQuery({
    queryKey: ['first-steps', 'reviews'],
    queryFn: ({ signal }) => client.listAuditEvents({ query: { event: 'access_list.review', limit: 1 } }, signal),
  })
  if (!organizations.data || !lists.data || !reviews.data) return null
  const enrolled = organizations.data.items
  const steps = [
    { title: 'Set the password of the first administrator', isDone: true, to: '/account' },
    { title: 'Enrol an organization of AWS', isDone: enrolled.length > 0, to: '/organizations' },
    {
      title: 'Let Gatehouse write to AWS, once its plan is what you want',
      isDone: enrolled.some(({ mode }) => mode !== 'shadow'),
      to: '/organizations',
    },
    {
      title: 'Give the SCIM address and token, so that people reach AWS',
      isDone: enrolled.some(({ hybrid }) => hybrid) || statuses.some(({ scimToken }) => scimToken !== undefined),
      to: '/organizations',
    },
    {
      title: 'Have an access list that somebody owns',
      isDone: lists.data.items.some(({ owners }) => owners.length > 0),
      to: '/access-lists',
    },
    { title: 'Review a list', isDone: reviews.data.items.length > 0, to: '/reviews' },
  ] as const
  const done = steps.filter(({ isDone }) => isDone).length
  if (done === steps.length) return null
  return (
    <section aria-labelledby="first-steps">
      <Group justify="space-between" mb="sm">
        <Title order={2} id="first-steps">
          First steps: {done} of {steps.length}
        </Title>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="Put the first steps away"
          data-tip="Put away in this browser"
          onClick={onPutAway}
        >
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </Group>
      <Card withBorder padding="md">
        <List spacing="xs" size="sm" center listStyleType="none">
          {steps.map(({ title, isDone, to }) => (
            <List.Item
              key={title}
              icon={
                <ThemeIcon size={20} radius="xl" variant="light" color={isDone ? 'green' : 'gray'}>
                  {isDone ? <IconCheck size={13} aria-hidden /> : <IconCircle size={13} aria-hidden />}
                </ThemeIcon>
              }
            >
              {isDone ? (
                <Text size="sm" c="dimmed">
                  {title} <VisuallyHidden>(done)</VisuallyHidden>
                </Text>
              ) : (
                <PageLink to={to} size="sm">
                  {title}
                </PageLink>
              )}
            </List.Item>
          ))}
        </List>
      </Card>
    </section>
  )
}
