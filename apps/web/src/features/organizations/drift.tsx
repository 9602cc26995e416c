import type { OrganizationStatusView } from '@gatehouse/api'
import { Button, Checkbox, Group, List, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../app/client.ts'
import { useMay } from '../../app/session.ts'
import { Confirm } from '../../components/confirm.tsx'
import { PageLink } from '../../components/link.tsx'
import { formatCount } from '../../components/format-count.ts'

type Finding = OrganizationStatusView['drift'][number]

/** So many are named in a question. */
const NAMED = 12

/** What was changed in AWS beside Gatehouse and is left to a person: taken back there, or kept as a decision here. */
export function Drift({
  organization,
  drift,
  total,
}: {
  readonly organization: string
  readonly drift: readonly Finding[]
  readonly total: number
}) {
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [question, setQuestion] = useState<'take-back' | 'keep'>()
  const queries = useQueryClient()
  const may = useMay('update', 'aws_identity_center')
  const known = drift.filter(({ operation }) => chosen.includes(operation.key))
  const isKept = known.every(({ mayFollow }) => mayFollow)
  const decide = (body: { readonly operations?: string[]; readonly follow?: string[] }) =>
    client.release({ params: { name: organization }, body })
  const keys = known.map(({ operation }) => operation.key)
  const common = {
    onClose: () => setQuestion(undefined),
    onDone: () => void queries.invalidateQueries({ queryKey: ['organization', organization] }),
  }
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
            label={<span className="wrap">{message}</span>}
            description={
              <span className="wrap">
                To take it back: {summary}.
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
          Deciding takes the right to update the organization.
        </Text>
      )}
      {!isKept && (
        <Text size="sm" c="dimmed">
          What was removed in AWS can&#39;t be kept that way: the role, the list or the membership that grants it is
          here.
        </Text>
      )}
      <Confirm
        {...common}
        opened={question === 'take-back'}
        title={`Take back ${changes(known.length)} in AWS?`}
        verb={`Take back ${known.length}`}
        run={() => decide({ operations: keys })}
      >
        <Text size="sm">AWS is changed within seconds, to what is decided here:</Text>
        <Named texts={known.map(({ operation }) => operation.summary)} />
      </Confirm>
      <Confirm
        {...common}
        opened={question === 'keep'}
        color="indigo"
        title={`Keep ${changes(known.length)} as decided here?`}
        verb={`Keep ${known.length}`}
        run={() => decide({ follow: keys })}
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

const changes = (count: number): string => (count === 1 ? '1 change' : `${count} changes`)

function Named({ texts }: { readonly texts: readonly string[] }) {
  return (
    <List size="sm">
      {texts.slice(0, NAMED).map((text) => (
        <List.Item key={text} className="wrap">
          {text}
        </List.Item>
      ))}
      {texts.length > NAMED && <List.Item>and {formatCount(texts.length - NAMED)} more</List.Item>}
    </List>
  )
}
