import type { RemovalReportView } from '@gatehouse/api'
import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { IconProgress } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { client, queryClient } from '../../app/client.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Name } from '../../components/name.tsx'
import { Problem } from '../../components/problem.tsx'
import { Section } from '../../components/section.tsx'
import { Time } from '../../components/time.tsx'
import type { Choice } from './removal-query.ts'

interface ChoiceProps {
  readonly report: RemovalReportView
  readonly choice: Choice
  readonly onChange: (choice: Choice) => void
}

/** Off unless somebody asks for it. */
export function AskForMade({ choice, onChange }: Omit<ChoiceProps, 'report'>) {
  return (
    <Checkbox
      label="Take away in AWS first what Gatehouse made there"
      description={
        choice.removeMade
          ? 'Whoever has access only by these assignments and groups loses it within minutes. What was in AWS before Gatehouse stays, and so do all users.'
          : 'Otherwise the assignments and groups that Gatehouse made stay in AWS, and whoever has access by them keeps it.'
      }
      checked={choice.removeMade}
      onChange={(event) => onChange({ ...choice, removeMade: event.currentTarget.checked })}
    />
  )
}

/** So many of what AWS still holds are asked about one by one. */
const ASKED = 100

/** What was made is on its way out of AWS: how far it is, what AWS refused, and the way back. */
export function Underway({ report, choice, onChange }: ChoiceProps) {
  const stop = useMutation({
    mutationFn: () => client.stopRemoval({ params: { name: report.organization } }),
    onSuccess: () =>
      Promise.all(
        [['removal', report.organization], ['organization', report.organization], ['organizations']].map((queryKey) =>
          queryClient.invalidateQueries({ queryKey }),
        ),
      ),
  })
  if (!report.begun) return null
  const { by, since, assignments, groups } = report.begun
  // Those that AWS has refused first: the others mostly go by themselves.
  const left = report.made.toSorted((a, b) => Number(b.refusal !== undefined) - Number(a.refusal !== undefined))
  const toggle = (key: string, isOn: boolean): void =>
    onChange({ ...choice, release: isOn ? [...choice.release, key] : choice.release.filter((one) => one !== key) })
  return (
    <Alert color="blue" icon={<IconProgress aria-hidden />} title="The removal has begun" role="group">
      <Stack gap="xs">
        <Text size="sm">
          <Name text={by} /> began it <Time at={since} />. AWS is told to let go of {say(assignments, 'assignment')} and{' '}
          {say(groups, 'group')} that Gatehouse made;{' '}
          <span role="status">
            {formatCount(report.counts.made)} {report.counts.made === 1 ? 'is' : 'are'} still there
          </span>
          . Nothing is given meanwhile.
        </Text>
        {left.slice(0, ASKED).map(({ key, summary, refusal, reason }) => (
          <Checkbox
            key={key}
            label={`Leave it in AWS: ${summary}`}
            description={
              reason ?? (refusal === undefined ? 'AWS has not confirmed yet that it is gone.' : `AWS said: ${refusal}`)
            }
            checked={choice.release.includes(key)}
            onChange={(event) => toggle(key, event.currentTarget.checked)}
          />
        ))}
        {stop.isError && <Problem error={stop.error} />}
        <Group>
          <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
            Stop the removal
          </Button>
          <Text size="sm">What is granted here is then given in AWS again.</Text>
        </Group>
      </Stack>
    </Alert>
  )
}

/** `1 assignment`, `2 assignments` */
const say = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`

/** By name: what goes in AWS, and what of it is left there and why. */
export function MadeRows({ report: { made, stays, counts } }: { readonly report: RemovalReportView }) {
  return (
    <>
      {made.length > 0 && (
        <Section title={`Made by Gatehouse, and still in AWS: ${formatCount(counts.made)}`}>
          <div className="short">
            <DataTable
              label="Made by Gatehouse, and still in AWS"
              rows={made}
              columns={MADE_COLUMNS}
              idOf={({ key }) => key}
              total={counts.made}
            />
          </div>
        </Section>
      )}
      {stays.length > 0 && (
        <Section title={`Made by Gatehouse, and left in AWS: ${formatCount(counts.stays)}`}>
          <div className="short">
            <DataTable
              label="Made by Gatehouse, and left in AWS"
              rows={stays.map((row, place) => ({ ...row, place }))}
              columns={STAYS_COLUMNS}
              // Two of them may be called the same.
              idOf={({ place }) => String(place)}
              total={counts.stays}
            />
          </div>
        </Section>
      )}
    </>
  )
}

const MADE_COLUMNS: readonly Column<RemovalReportView['made'][number]>[] = [
  {
    id: 'summary',
    title: 'What',
    cell: ({ summary }) => (
      <span title={summary}>
        <Name text={summary} most={200} />
      </span>
    ),
  },
  {
    id: 'refusal',
    title: 'What AWS said',
    cell: ({ refusal }) =>
      refusal !== undefined && (
        <span title={refusal}>
          <Name text={refusal} most={200} />
        </span>
      ),
  },
]
const STAYS_COLUMNS: readonly Column<RemovalReportView['stays'][number]>[] = [
  {
    id: 'summary',
    title: 'What',
    cell: ({ summary }) => (
      <span title={summary}>
        <Name text={summary} most={200} />
      </span>
    ),
  },
  { id: 'reason', title: 'Why', cell: ({ reason }) => <span title={reason}>{reason}</span> },
]
