import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { client } from '../../app/client.ts'
import { Loaded } from '../../components/loaded.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Problem } from '../../components/problem.tsx'
import { allLockedOutQuery } from './enrolment-query.ts'
import type { Links } from './one-time-links.tsx'

type Person = Awaited<ReturnType<typeof client.listLockedOut>>['items'][number]

interface AskProps {
  readonly name: string
  readonly search: string | undefined
  readonly roles: readonly string[]
  readonly links: Links
  readonly isBusy: boolean
  readonly error: unknown
  readonly onClose: () => void
  /** For these now; so many are left for another time. */
  readonly onMake: (users: readonly string[], left: number) => void
}

/** As many as the server takes at once. */
const MOST = 200
const NAMED = 8

/** Says for how many, for whom and what it does, before users and links are made for all who are found. */
export function AskForLinks(props: AskProps) {
  const { name, search, onClose } = props
  const query = useQuery(allLockedOutQuery(name, search))
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        <span className="wrap clamp">
          {search === undefined
            ? 'Make links for everybody who could not sign in?'
            : `Make links for the ${query.data ? `${formatCount(query.data.length)} ` : ''}people found by “${search}”?`}
        </span>
      }
    >
      <Loaded query={query.isFetching ? { ...query, data: undefined } : query}>
        {(people) => <Question {...props} people={people} />}
      </Loaded>
    </Modal>
  )
}

function Question({
  people,
  roles,
  links,
  isBusy,
  error,
  onClose,
  onMake,
}: AskProps & { readonly people: readonly Person[] }) {
  const shown = new Set(links.items.map(({ user }) => user.toLowerCase()))
  const helped = people.filter(({ linkHelps }) => linkHelps)
  const wanted = helped.filter(({ userName }) => !shown.has(userName.toLowerCase()))
  const now = wanted.slice(0, MOST)
  const kept = helped.length - wanted.length
  const beyondHelp = people.length - helped.length
  return (
    <Stack>
      {now.length > 0 && <Consequence people={now} roles={roles} />}
      {wanted.length > now.length && (
        <Text size="sm">
          They are the first of {formatCount(wanted.length)}: {formatCount(MOST)} at a time, and the next after these.
        </Text>
      )}
      {kept > 0 && (
        <Text size="sm">
          {formatCount(kept)} for whom this window shows a link {kept === 1 ? 'keeps his' : 'keep theirs'}.
        </Text>
      )}
      {beyondHelp > 0 && (
        <Text size="sm">
          A link does not help {formatCount(beyondHelp)}, who {beyondHelp === 1 ? 'is' : 'are'} locked or{' '}
          {beyondHelp === 1 ? 'lacks' : 'lack'} a role.
        </Text>
      )}
      {error !== null && <Problem error={error} />}
      <Group>
        <Button
          disabled={now.length === 0}
          loading={isBusy}
          onClick={() =>
            onMake(
              now.map(({ userName }) => userName),
              wanted.length - now.length,
            )
          }
        >
          Make {formatCount(now.length)} {now.length === 1 ? 'link' : 'links'}
        </Button>
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
      </Group>
    </Stack>
  )
}

function Consequence({ people, roles }: { readonly people: readonly Person[]; readonly roles: readonly string[] }) {
  const names = people.slice(0, NAMED).map(({ userName }) => userName)
  const made = people.filter(({ reason }) => reason === 'no-user').length
  return (
    <>
      <Text size="sm" className="wrap">
        {names.join(', ')}
        {people.length > names.length && ` and ${formatCount(people.length - names.length)} more`}{' '}
        {people.length === 1 ? 'gets a link that sets his password' : 'get a link each that sets their password'}, once
        and within 24 hours.
      </Text>
      {made > 0 && (
        <Text size="sm" className="wrap">
          For {formatCount(made)} a user is made here{' '}
          {roles.length === 0 ? 'without a role' : `with ${roles.join(', ')}`}.
        </Text>
      )}
    </>
  )
}
