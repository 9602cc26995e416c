import { type DriftFindingView, MAX_RELEASED, type OrganizationStatusView } from '@gatehouse/api'
import { Button, Group, List, Stack, Text } from '@mantine/core'
import { useInfiniteQuery, type UseInfiniteQueryResult, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../../app/client.ts'
import { useMay } from '../../app/session.ts'
import { Confirm } from '../../components/confirm.tsx'
import { PageLink } from '../../components/link.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Prose } from '../../components/prose.tsx'
import { ChooseDrift } from './choose-drift.tsx'
import { DRIFT_KINDS, type DriftKind } from './drift-kinds.ts'
import { type Decided, type Decision, DriftList } from './drift-list.tsx'
import { driftQuery } from './organizations-query.ts'

/** So many are named in a question. */
const NAMED = 12

type Status = Pick<OrganizationStatusView, 'organization' | 'sweep'>

/** What was changed in AWS beside Gatehouse and is left to a person: taken back there, or kept as a decision here. */
export function Drift({ status }: { readonly status: Status }) {
  const [kind, onKind] = useKind()
  const query = useInfiniteQuery(driftQuery(status.organization))
  return (
    <Stack gap="sm">
      <Text size="sm">
        Changed in AWS and not here. The organization&#39;s drift policy leaves it as it is until somebody decides.{' '}
        <PageLink to="/audit" search={{ event: 'aws_identity_center.drift.found' }} size="sm">
          When it was found
        </PageLink>
      </Text>
      <Loaded query={query}>
        {({ drift, total }) => <Known {...{ status, drift, total, kind, onKind }} readAll={() => readAll(query)} />}
      </Loaded>
    </Stack>
  )
}

/** The kind that the address of the page names, whichever page it is. */
function useKind(): readonly [DriftKind | undefined, (kind: DriftKind | undefined) => void] {
  const asked = useSearch({ strict: false, select: ({ kind }) => kind })
  const navigate = useNavigate()
  const kind = DRIFT_KINDS.find(([known]) => known === asked)?.[0]
  return [
    kind,
    (next) => void navigate({ to: '.', resetScroll: false, search: (before) => ({ ...before, kind: next }) }),
  ]
}

async function readAll(
  query: UseInfiniteQueryResult<{ readonly drift: readonly DriftFindingView[] }>,
): Promise<readonly DriftFindingView[]> {
  let read = query
  while (read.hasNextPage) {
    read = await read.fetchNextPage()
    if (read.isError) throw read.error
  }
  return read.data?.drift ?? []
}

function Known({
  status: { organization, sweep },
  drift,
  total,
  kind,
  onKind,
  readAll,
}: {
  readonly status: Status
  readonly kind: DriftKind | undefined
  readonly onKind: (kind: DriftKind | undefined) => void
  readonly drift: readonly DriftFindingView[]
  readonly total: number
  readonly readAll: () => Promise<readonly DriftFindingView[]>
}) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [decided, setDecided] = useState<ReadonlyMap<string, Decided>>(new Map())
  const [question, setQuestion] = useState<Decision>()
  const queries = useQueryClient()
  const may = useMay('update', 'aws_identity_center')
  const known = drift.filter(({ operation }) => chosen.has(operation.key))
  const mayKeep = known.every(({ mayFollow }) => mayFollow)
  const decide = async (decision: Decision): Promise<void> => {
    const keys = known.map(({ operation }) => operation.key)
    try {
      for (let start = 0; start < keys.length; start += MAX_RELEASED) {
        const some = keys.slice(start, start + MAX_RELEASED)
        // One after the other: each is a decision of its own in the audit log.
        const body = decision === 'keep' ? { follow: some } : { operations: some }
        await client.release({ params: { name: organization }, body })
        setDecided(
          (before) => new Map([...before, ...some.map((key) => [key, { decision, before: sweep.lastAt }] as const)]),
        )
      }
    } finally {
      // Also what could not be decided may be another by now.
      void queries.invalidateQueries({ queryKey: ['organization', organization] })
    }
  }
  const asking = (decision: Decision) => ({
    opened: question === decision,
    onClose: () => setQuestion(undefined),
    run: () => decide(decision),
    onDone: () => setChosen(new Set()),
  })
  return (
    <>
      <ChooseDrift
        {...{ drift, total, kind, readAll, may }}
        chosen={known.length}
        onKind={onKind}
        onChoose={setChosen}
      />
      {known.length > 0 && (
        <Group role="group" aria-label="What is chosen">
          <Button onClick={() => setQuestion('take-back')}>Take back {formatCount(known.length)} in AWS</Button>
          <Button variant="default" disabled={!mayKeep} onClick={() => setQuestion('keep')}>
            Keep {formatCount(known.length)} here, too
          </Button>
        </Group>
      )}
      <WhyNot may={may} mayKeep={mayKeep} />
      <DriftList {...{ drift, total, kind, sweep, decided, may, chosen, readAll }} onChoose={setChosen} />
      <Confirm
        {...asking('take-back')}
        title={`Take back ${changes(known.length)} in AWS?`}
        verb={`Take back ${formatCount(known.length)}`}
      >
        <Text size="sm">AWS is changed within seconds, to what is decided here:</Text>
        <Named texts={known.map(({ operation }) => operation.summary)} />
      </Confirm>
      <Confirm
        {...asking('keep')}
        color="indigo"
        title={`Keep ${changes(known.length)} as decided here?`}
        verb={`Keep ${formatCount(known.length)}`}
      >
        <Text size="sm">
          Lists get the members and grants, and people the assignments, that AWS has. They stay until somebody takes
          them away here. Nothing is written to AWS.
        </Text>
        <Named texts={known.map(({ message }) => message)} />
      </Confirm>
    </>
  )
}

function WhyNot({ may, mayKeep }: { readonly may: boolean; readonly mayKeep: boolean }) {
  return (
    <>
      {!may && (
        <Text size="sm" c="dimmed">
          Deciding takes the right to update on aws_identity_center; to keep something, also the one to change the list
          or the user that it becomes a part of.
        </Text>
      )}
      {!mayKeep && (
        <Text size="sm" c="dimmed">
          Some of what is chosen can&#39;t be kept that way: what grants it, the role, the list or the membership, is
          here.
        </Text>
      )}
    </>
  )
}

const changes = (count: number): string => (count === 1 ? '1 change' : `${formatCount(count)} changes`)

function Named({ texts }: { readonly texts: readonly string[] }) {
  return (
    <List size="sm">
      {texts.slice(0, NAMED).map((text) => (
        <List.Item key={text} className="wrap">
          <Prose text={text} />
        </List.Item>
      ))}
      {texts.length > NAMED && <List.Item>and {formatCount(texts.length - NAMED)} more</List.Item>}
    </List>
  )
}
