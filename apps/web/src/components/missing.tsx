import { ApiProblem } from '@gatehouse/api'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useRouterState } from '@tanstack/react-router'
import { placeOf } from '../app/navigation.ts'
import { PageLink } from './link.tsx'
import { Page } from './page.tsx'
import { describe, Problem } from './problem.tsx'

/** In the place of a page whose object is not there, or could not be read: what that is, and the way back. */
export function Missing({
  what,
  error,
  onRetry,
}: {
  /** Such as `access list`. */
  readonly what: string
  readonly error: unknown
  readonly onRetry?: (() => unknown) | undefined
}) {
  const isGone = error instanceof ApiProblem && error.status === 404
  const { title, remedy } = describe(error)
  return (
    <Page title={isGone ? `There is no such ${what}` : `This ${what} could not be read`}>
      <Stack align="flex-start">
        {isGone ? (
          <Text className="wrap" role="alert">
            {title.replace(/^./u, (first) => first.toUpperCase())} {remedy}
          </Text>
        ) : (
          <Problem error={error} />
        )}
        <Group>
          {!isGone && onRetry && <Button onClick={() => void onRetry()}>Try again</Button>}
          <WayBack />
        </Group>
      </Stack>
    </Page>
  )
}

function WayBack() {
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const place = placeOf(path)
  return place ? <PageLink to={place.to}>{`Go to ${place.label}`}</PageLink> : <PageLink to="/">Go to Home</PageLink>
}
