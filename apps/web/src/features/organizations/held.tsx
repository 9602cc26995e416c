import type { OrganizationStatusView } from '@gatehouse/api'
import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../app/client.ts'
import { useMay } from '../../app/session.ts'
import { formatCount } from '../../components/format-count.ts'
import { Name } from '../../components/name.tsx'
import { Problem } from '../../components/problem.tsx'
import { Prose } from '../../components/prose.tsx'
import { Section } from '../../components/section.tsx'
import { LONGEST_SESSION, SessionsEnd } from '../../components/sessions-end.tsx'
import { Time } from '../../components/time.tsx'

function useRelease(organization: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { readonly operations?: string[]; readonly findings?: string[] }) =>
      client.release({ params: { name: organization }, body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['organization', organization] }),
  })
}

/** Removals that nobody decided: each is named, and let go only by somebody who has read it. */
export function Held({
  organization,
  held,
  total,
}: {
  readonly organization: string
  readonly held: OrganizationStatusView['held']
  readonly total: number
}) {
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [isOpen, { open, close }] = useDisclosure()
  const release = useRelease(organization)
  const may = useMay('update', 'aws_identity_center')
  const toggle = (key: string, isOn: boolean): void =>
    setChosen(isOn ? [...chosen, key] : chosen.filter((one) => one !== key))
  const known = chosen.filter((key) => held.some(({ operation }) => operation.key === key))
  return (
    <Section title={`Held back: ${formatCount(total)}`}>
      <Text size="sm" mb="xs">
        Nobody decided these removals, so they wait. They go ahead when you say so, or when the reason for them goes.
      </Text>
      <Stack gap={6}>
        {held.map(({ operation: { key, summary }, reason }) => (
          <Checkbox
            key={key}
            label={<Name text={summary} most={300} />}
            description={<Name text={reason} most={300} />}
            disabled={!may}
            checked={chosen.includes(key)}
            onChange={({ currentTarget }) => toggle(key, currentTarget.checked)}
          />
        ))}
      </Stack>
      {!may && (
        <Text size="sm" c="dimmed" mt="xs">
          Letting them go takes the right to update on aws_identity_center.
        </Text>
      )}
      {held.length < total && (
        <Text size="sm" mt="xs">
          The first {formatCount(held.length)} of {formatCount(total)}.
        </Text>
      )}
      {known.length > 0 && (
        <Button mt="sm" color="red" onClick={open}>
          Let {formatCount(known.length)} go ahead
        </Button>
      )}
      <Modal opened={isOpen} onClose={close} title={`Remove ${known.length} in AWS?`}>
        <Stack>
          <Text size="sm">
            What they name is removed in AWS within seconds. Whoever had access by it loses it.{' '}
            <SessionsEnd longest={LONGEST_SESSION} />
          </Text>
          {release.isError && <Problem error={release.error} />}
          <Group>
            <Button
              color="red"
              loading={release.isPending}
              onClick={() => release.mutate({ operations: known }, { onSuccess: close })}
            >
              Remove {known.length}
            </Button>
            <Button variant="default" onClick={close}>
              Keep them
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Section>
  )
}

/** Readings that contradict what was known, until somebody believes them. */
export function Findings({
  organization,
  findings,
}: {
  readonly organization: string
  readonly findings: OrganizationStatusView['findings']
}) {
  const release = useRelease(organization)
  const may = useMay('update', 'aws_identity_center')
  return (
    <Section title="Readings that were doubted">
      <Stack gap="xs">
        {findings.map(({ id, message, foundAt, key }) => (
          <Group key={id} justify="space-between" wrap="nowrap" align="flex-start">
            <div>
              <Text size="sm" className="wrap">
                <Prose text={message} />
              </Text>
              <Text size="xs" c="dimmed">
                found <Time at={foundAt} />
              </Text>
            </div>
            {key !== undefined && (
              <Button
                variant="default"
                disabled={!may}
                loading={release.isPending}
                onClick={() => release.mutate({ findings: [key] })}
              >
                Believe it
              </Button>
            )}
          </Group>
        ))}
        {!may && findings.some(({ key }) => key !== undefined) && (
          <Text size="sm" c="dimmed">
            Believing one takes the right to update on aws_identity_center.
          </Text>
        )}
        {release.isError && <Problem error={release.error} />}
      </Stack>
    </Section>
  )
}
