import type { OrganizationMetricsView } from '@gatehouse/api'
import { Stack, Text } from '@mantine/core'
import { useDates } from '../../components/date-format.ts'
import { Section } from '../../components/section.tsx'
import { Limit } from './calls-chart.tsx'
import { outlineOf, stretches } from './chart-figures.ts'
import { Figures } from './figures.tsx'
import { Plot, usePeriod } from './plot.tsx'

const FIVE_MINUTES = 300_000

/** Account assignments that AWS was busy with, under the most that it takes at once. */
export function InFlightChart({ metrics }: { readonly metrics: OrganizationMetricsView }) {
  const period = usePeriod(metrics)
  const { clock } = useDates()
  const { points, limit, everySeconds } = metrics.inFlight
  const shown = points.map(({ at, most }) => ({ at: Date.parse(at), value: most }))
  return (
    <Section title="Assignments in flight">
      <Stack gap="xs">
        <Text size="sm">
          {points.length === 0
            ? `AWS was asked to change no account assignment ${period}.`
            : `At most ${Math.max(...shown.map(({ value }) => value))} at once ${period}; AWS takes ${limit}.`}
        </Text>
        <Plot metrics={metrics} ticks={[0, limit / 2, limit]} most={limit * 1.15} unit="">
          {(scale) => (
            <>
              <path className="area" d={outlineOf(shown, everySeconds * 1000, scale)} />
              <path className="edge" d={outlineOf(shown, everySeconds * 1000, scale)} />
              <Limit scale={scale} limit={limit} label={`limit ${limit}`} />
            </>
          )}
        </Plot>
        {points.length > 0 && (
          <Figures
            label="Assignments in flight, by five minutes"
            columns={['From', 'Most at once']}
            rows={stretches(points, FIVE_MINUTES).map(({ from: start, points: some }) => [
              clock(new Date(start)),
              Math.max(...some.map(({ most }) => most)),
            ])}
          />
        )}
      </Stack>
    </Section>
  )
}
