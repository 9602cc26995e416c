import type { DriftFindingView, OrganizationStatusView } from '@gatehouse/api'
import { Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { formatCount } from '../../components/format-count.ts'
import { Name } from '../../components/name.tsx'
import type { DriftKind } from './drift-kinds.ts'

export type Decision = 'take-back' | 'keep'
export interface Decided {
  readonly decision: Decision
  /** When the last reading of AWS before it ended. */
  readonly before: string | undefined
}

type Sweep = OrganizationStatusView['sweep']

/** So many are drawn, and so many more whenever somebody asks. */
const STEP = 100
/** As long as a change and the names in it are; its question shows the rest. */
const MOST = 300

/** Each change with what would take it back, to be chosen one by one. */
export function DriftList({
  drift,
  total,
  kind,
  sweep,
  decided,
  may,
  chosen,
  readAll,
  onChoose,
}: {
  readonly drift: readonly DriftFindingView[]
  readonly total: number
  readonly kind: DriftKind | undefined
  readonly sweep: Sweep
  readonly decided: ReadonlyMap<string, Decided>
  readonly may: boolean
  readonly chosen: ReadonlySet<string>
  readonly readAll: () => Promise<unknown>
  readonly onChoose: (keys: ReadonlySet<string>) => void
}) {
  const [most, setMost] = useState(STEP)
  const read = useMutation({ mutationFn: readAll })
  const meant = drift.filter((finding) => kind === undefined || finding.kind === kind)
  const shown = meant.slice(0, most)
  const isWhole = drift.length >= total
  const more = (): void => {
    setMost(most + STEP)
    if (!isWhole && meant.length < most + STEP) read.mutate()
  }
  return (
    <Stack gap={6} className="changes">
      {shown.map((finding) => (
        <Checkbox
          key={finding.operation.key}
          label={
            <span className="wrap">
              <Name text={finding.message} most={MOST} />
            </span>
          }
          description={<WhatItTakes finding={finding} decided={decided.get(finding.operation.key)} sweep={sweep} />}
          disabled={!may}
          checked={chosen.has(finding.operation.key)}
          onChange={({ currentTarget: { checked } }) => {
            const key = new Set([finding.operation.key])
            onChoose(checked ? chosen.union(key) : chosen.difference(key))
          }}
        />
      ))}
      {(shown.length < meant.length || !isWhole) && (
        <Group>
          <Text size="sm">
            {isWhole
              ? `The first ${formatCount(shown.length)} of ${formatCount(meant.length)}.`
              : `The first ${formatCount(shown.length)}.`}
          </Text>
          <Button variant="default" loading={read.isPending} onClick={more}>
            Show more
          </Button>
        </Group>
      )}
      {isWhole && meant.length === 0 && <Text size="sm">Nothing of this kind.</Text>}
    </Stack>
  )
}

function WhatItTakes({
  finding: { operation, mayFollow },
  decided,
  sweep,
}: {
  readonly finding: DriftFindingView
  readonly decided: Decided | undefined
  readonly sweep: Sweep
}) {
  return (
    <span className="wrap">
      {sayDecided(decided, sweep)}To take it back: <Name text={operation.summary} most={MOST} />.
      {mayFollow ? '' : ' What grants it stands here: to leave it as it is in AWS, change that.'}
    </span>
  )
}

/** What becomes of a change that is still there after somebody has decided. */
function sayDecided(decided: Decided | undefined, { running, lastAt }: Sweep): string {
  if (decided === undefined) return ''
  if (decided.decision === 'take-back')
    return 'Taken back by you: AWS is being changed, and then it is not here any more. '
  return running || lastAt === decided.before
    ? 'Kept by you: the reading of AWS that has begun follows it, and then it is not here any more. '
    : 'Kept by you, but the reading of AWS did not follow it; the notes on the status page of the organization say why. '
}
