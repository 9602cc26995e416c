import type { OrganizationStatusView } from '@gatehouse/api'
import { Button, Checkbox, Group, List, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../app/client.ts'
import { useMay } from '../../app/session.ts'
import { Confirm } from '../../components/confirm.tsx'
import { PageLink } from '../../components/link.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Name } from '../../components/name.tsx'
import { Prose } from '../../components/prose.tsx'

type Decision = 'take-back' | 'keep'
interface Decided {
  readonly decision: Decision
  /** When the last reading of AWS before it ended. */
  readonly before: string | undefined
}

/** So many are named in a question. */
const NAMED = 12
/** As long as a change and the names in it are; its question shows the rest. */
const MOST = 300

/** What was changed in AWS beside Gatehouse and is left to a person: taken back there, or kept as a decision here. */
export function Drift({
  status: {
    organization,
    drift,
    sweep,
    totals: { drift: total },
  },
}: {
  readonly status: Pick<OrganizationStatusView, 'organization' | 'drift' | 'sweep' | 'totals'>
}) {
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [decided, setDecided] = useState<ReadonlyMap<string, Decided>>(new Map())
  const [question, setQuestion] = useState<Decision>()
  const queries = useQueryClient()
  const may = useMay('update', 'aws_identity_center')
  const known = drift.filter(({ operation }) => chosen.includes(operation.key))
  const isKept = known.every(({ mayFollow }) => mayFollow)
  const keys = known.map(({ operation }) => operation.key)
  const decide = (decision: Decision) => ({
    onClose: () => setQuestion(undefined),
    run: () => {
      const body = decision === 'keep' ? { follow: keys } : { operations: keys }
      return client.release({ params: { name: organization }, body })
    },
    onDone: () => {
      setDecided(new Map([...decided, ...keys.map((key) => [key, { decision, before: sweep.lastAt }] as const)]))
      setChosen([])
      void queries.invalidateQueries({ queryKey: ['organization', organization] })
    },
  })
  return (
    <Stack gap="sm">
      <Text size="sm">
        Changed in AWS and not here. The organization&#39;s drift policy leaves it as it is until somebody decides.{' '}
        <PageLink to="/audit" search={{ event: 'aws_identity_center.drift.found' }} size="sm">
          When it was found
        </PageLink>
      </Text>
      <Stack gap={6}>
        {drift.map(({ message, mayFollow, operation: { key, summary } }) => (
          <Checkbox
            key={key}
            label={
              <span className="wrap">
                <Name text={message} most={MOST} />
              </span>
            }
            description={
              <span className="wrap">
                {sayDecided(decided.get(key), sweep)}To take it back: <Name text={summary} most={MOST} />.
                {mayFollow ? '' : ' What grants it stands here: to leave it as it is in AWS, change that.'}
              </span>
            }
            disabled={!may}
            checked={chosen.includes(key)}
            onChange={({ currentTarget }) =>
              setChosen(currentTarget.checked ? [...chosen, key] : chosen.filter((one) => one !== key))
            }
          />
        ))}
      </Stack>
      {drift.length < total && (
        <Text size="sm">
          The first {formatCount(drift.length)} of {formatCount(total)}.
        </Text>
      )}
      <Group>
        <Button disabled={known.length === 0} onClick={() => setQuestion('take-back')}>
          Take back {known.length} in AWS
        </Button>
        <Button variant="default" disabled={known.length === 0 || !isKept} onClick={() => setQuestion('keep')}>
          Keep {known.length} here, too
        </Button>
      </Group>
      {!may && (
        <Text size="sm" c="dimmed">
          Deciding takes the right to update on aws_identity_center; to keep something, also the one to change the list
          or the user that it becomes a part of.
        </Text>
      )}
      {!isKept && (
        <Text size="sm" c="dimmed">
          What was removed in AWS can&#39;t be kept that way: the role, the list or the membership that grants it is
          here.
        </Text>
      )}
      <Confirm
        {...decide('take-back')}
        opened={question === 'take-back'}
        title={`Take back ${changes(known.length)} in AWS?`}
        verb={`Take back ${known.length}`}
      >
        <Text size="sm">AWS is changed within seconds, to what is decided here:</Text>
        <Named texts={known.map(({ operation }) => operation.summary)} />
      </Confirm>
      <Confirm
        {...decide('keep')}
        opened={question === 'keep'}
        color="indigo"
        title={`Keep ${changes(known.length)} as decided here?`}
        verb={`Keep ${known.length}`}
      >
        <Text size="sm">
          Lists get the members and grants, and people the assignments, that AWS has. They stay until somebody takes
          them away here. Nothing is written to AWS.
        </Text>
        <Named texts={known.map(({ message }) => message)} />
      </Confirm>
    </Stack>
  )
}

const changes = (count: number): string => (count === 1 ? '1 change' : `${formatCount(count)} changes`)

/** What becomes of a change that is still there after somebody has decided. */
function sayDecided(decided: Decided | undefined, { running, lastAt }: OrganizationStatusView['sweep']): string {
  if (decided === undefined) return ''
  if (decided.decision === 'take-back')
    return 'Taken back by you: AWS is being changed, and then it is not here any more. '
  return running || lastAt === decided.before
    ? 'Kept by you: the reading of AWS that has begun follows it, and then it is not here any more. '
    : 'Kept by you, but the reading of AWS did not follow it; the notes on the status page of the organization say why. '
}

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
