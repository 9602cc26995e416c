import type { OrganizationMetricsView } from '@gatehouse/api'
import { Group, Stack, Text } from '@mantine/core'
import { useDates } from '../../components/date-format.ts'
import { formatCount } from '../../components/format-count.ts'
import { Section } from '../../components/section.tsx'
import { roundUp } from './chart-figures.ts'
import { Figures } from './figures.tsx'
import { Plot, type Scale, usePeriod } from './plot.tsx'

type Minute = OrganizationMetricsView['latency']['granted'][number]
type Kind = keyof OrganizationMetricsView['latency']

const HALF_A_MINUTE = 30_000
/** What was given and what was taken away in the same minute do not hide each other. */
const ASIDE: Readonly<Record<Kind, number>> = { granted: -4, removed: 4 }

/** How long decisions took to get to AWS: of each minute the median, and a line up to the slowest. */
export function LatencyChart({ metrics }: { readonly metrics: OrganizationMetricsView }) {
  const { latency } = metrics
  const period = usePeriod(metrics)
  const all = [...latency.granted, ...latency.removed]
  const most = roundUp(Math.max(1, ...all.map(({ slowestMs }) => slowestMs / 1000)))
  return (
    <Section title="From a decision to AWS's confirmation">
      <Stack gap="xs">
        <Text size="sm">
          {all.length === 0
            ? `No account assignment was created or removed ${period}.`
            : [inWords(`given ${period}`, latency.granted), inWords(`taken away ${period}`, latency.removed)]
                .filter(Boolean)
                .join(' ')}
        </Text>
        <Plot metrics={metrics} ticks={[0, most / 2, most]} unit=" s">
          {(scale) => (
            <>
              <Minutes kind="granted" minutes={latency.granted} scale={scale} />
              <Minutes kind="removed" minutes={latency.removed} scale={scale} />
            </>
          )}
        </Plot>
        {all.length > 0 && (
          <>
            <Group gap="md">
              <Key kind="granted" label="given" />
              <Key kind="removed" label="taken away" />
              <Text size="xs" c="dimmed">
                median of a minute, line up to the slowest
              </Text>
            </Group>
            <LatencyFigures latency={latency} />
          </>
        )}
      </Stack>
    </Section>
  )
}

function Minutes({
  kind,
  minutes,
  scale,
}: {
  readonly kind: Kind
  readonly minutes: readonly Minute[]
  readonly scale: Scale
}) {
  return minutes.map(({ at, medianMs, slowestMs }) => {
    const x = scale.x(Date.parse(at) + HALF_A_MINUTE) + ASIDE[kind]
    const y = scale.y(medianMs / 1000)
    return (
      <g key={at} className={kind}>
        <line x1={x} x2={x} y1={y} y2={scale.y(slowestMs / 1000)} />
        <Mark kind={kind} x={x} y={y} />
      </g>
    )
  })
}

/** Told apart by their form as well as by their colour. */
const Mark = ({ kind, x, y }: { readonly kind: Kind; readonly x: number; readonly y: number }) =>
  kind === 'granted' ? <circle cx={x} cy={y} r={3.5} /> : <rect x={x - 3.5} y={y - 3.5} width={7} height={7} />

const Key = ({ kind, label }: { readonly kind: Kind; readonly label: string }) => (
  <Text size="xs" c="dimmed" span>
    <svg className="key" width={10} height={10} aria-hidden>
      <g className={kind}>
        <Mark kind={kind} x={5} y={5} />
      </g>
    </svg>

    {label}
  </Text>
)

/** The median of medians, weighed by how many there were, would say nothing true: the slowest and the last are given. */
function inWords(what: string, minutes: readonly Minute[]): string {
  const last = minutes.at(-1)
  if (!last) return ''
  const count = minutes.reduce((sum, minute) => sum + minute.count, 0)
  const slowest = Math.max(...minutes.map(({ slowestMs }) => slowestMs))
  return `${formatCount(count)} ${what}: lately in ${formatSeconds(last.medianMs)}, the slowest in ${formatSeconds(slowest)}.`
}

const formatSeconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`

function LatencyFigures({ latency }: { readonly latency: OrganizationMetricsView['latency'] }) {
  const { clock } = useDates()
  const rows = (['granted', 'removed'] as const)
    .flatMap((kind) =>
      latency[kind].map((minute) => ({ ...minute, what: kind === 'granted' ? 'given' : 'taken away' })),
    )
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
  return (
    <Figures
      label="From decision to confirmation, by minutes"
      columns={['Minute', 'How many', 'Median', 'Slowest']}
      rows={rows.map(({ at, what, count, medianMs, slowestMs }) => [
        `${clock(new Date(at))} ${what}`,
        formatCount(count),
        formatSeconds(medianMs),
        formatSeconds(slowestMs),
      ])}
    />
  )
}
