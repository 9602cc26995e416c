import type { OrganizationMetricsView } from '@gatehouse/api'
import { Group, NativeSelect, Stack, Text } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useDates } from '../../components/date-format.ts'
import { formatCount } from '../../components/format-count.ts'
import { Section } from '../../components/section.tsx'
import { outlineOf, stretches } from './chart-figures.ts'
import { Figures } from './figures.tsx'
import { Plot, type Scale, usePeriod } from './plot.tsx'

const route = getRouteApi('/organizations/$name')
type Service = OrganizationMetricsView['calls']['services'][number]

const NAMES: Readonly<Record<Service['service'], string>> = {
  'sso-admin': 'SSO Admin',
  identitystore: 'Identity Store',
  organizations: 'Organizations',
  scim: 'SCIM',
}
/** Shown unless the address says another. */
const FIRST: Service['service'] = 'sso-admin'
const FIVE_MINUTES = 300_000

/** Calls of each second under what the quota allows, and where AWS said that there were too many. */
export function CallsChart({ metrics }: { readonly metrics: OrganizationMetricsView }) {
  const { calls } = metrics
  const period = usePeriod(metrics)
  const { service: asked } = route.useSearch()
  const navigate = route.useNavigate()
  const find = (name: string | undefined) => calls.services.find((one) => one.service === name)
  const service = find(asked) ?? find(FIRST)
  if (!service) return null
  const { limit, points } = service
  const shown = points.map(({ at, calls: count }) => ({ at: Date.parse(at), value: count / calls.everySeconds }))
  const most = Math.max(limit * 1.15, ...shown.map(({ value }) => value))
  return (
    <Section title="Calls to AWS">
      <Stack gap="xs">
        <Group justify="space-between" align="flex-end">
          <Text size="sm">{inWords(service, calls.everySeconds, period)}</Text>
          <NativeSelect
            aria-label="Service"
            value={service.service}
            onChange={({ currentTarget: { value } }) =>
              void navigate({
                resetScroll: false,
                search: (before) => ({ ...before, service: value === FIRST ? undefined : value }),
              })
            }
            data={calls.services.map((one) => ({ value: one.service, label: NAMES[one.service] }))}
          />
        </Group>
        <Plot metrics={metrics} ticks={[0, limit / 2, limit]} most={most} unit="/s">
          {(scale) => (
            <>
              <path className="area" d={outlineOf(shown, calls.everySeconds * 1000, scale)} />
              <path className="edge" d={outlineOf(shown, calls.everySeconds * 1000, scale)} />
              <Limit scale={scale} limit={limit} label={`limit ${limit}/s`} />
              {points.map(({ at, throttled }) => throttled > 0 && <Alarm key={at} scale={scale} at={Date.parse(at)} />)}
            </>
          )}
        </Plot>
        {points.some(({ throttled }) => throttled > 0) && (
          <Text size="xs" className="loss">
            ▼ AWS throttled
          </Text>
        )}
        {points.length > 0 && <CallFigures service={service} everySeconds={calls.everySeconds} />}
      </Stack>
    </Section>
  )
}

export function Limit({
  scale: { left, right, y },
  limit,
  label,
}: {
  readonly scale: Scale
  readonly limit: number
  readonly label: string
}) {
  return (
    <>
      <line className="limit" x1={left} x2={right} y1={y(limit)} y2={y(limit)} />
      <text className="limit-label" x={right} y={y(limit) - 4} textAnchor="end">
        {label}
      </text>
    </>
  )
}

const Alarm = ({ scale: { x, bottom }, at }: { readonly scale: Scale; readonly at: number }) => (
  <path className="alarm" d={`M${x(at)} ${bottom}l-4 -8h8z`} />
)

function inWords({ points, allowed, limit, waiting }: Service, everySeconds: number, period: string): string {
  if (points.length === 0) return `Nothing was called ${period}.`
  const [calls, throttled] = [sumOf(points, 'calls'), sumOf(points, 'throttled')]
  const busiest = Math.max(...points.map((point) => point.calls)) / everySeconds
  return [
    `${formatCount(calls)} ${calls === 1 ? 'call' : 'calls'} ${period}; ${formatRate(busiest)} a second in the busiest ${everySeconds} seconds.`,
    throttled === 0 ? 'None was throttled.' : `${formatCount(throttled)} throttled by AWS.`,
    ...(allowed < limit ? [`Slowed down to ${formatRate(allowed)} a second for now.`] : []),
    ...(waiting > 0 ? [`${formatCount(waiting)} wait for their turn.`] : []),
  ].join(' ')
}

const formatRate = (perSecond: number): string => String(Math.round(perSecond * 10) / 10)
const sumOf = (points: Readonly<Service['points']>, what: 'calls' | 'throttled'): number =>
  points.reduce((sum, point) => sum + point[what], 0)

function CallFigures({ service, everySeconds }: { readonly service: Service; readonly everySeconds: number }) {
  const { clock } = useDates()
  return (
    <Figures
      label={`Calls of ${NAMES[service.service]}, by five minutes`}
      columns={['From', 'Calls', 'Busiest, a second', 'Throttled']}
      rows={stretches(service.points, FIVE_MINUTES).map(({ from, points }) => [
        clock(new Date(from)),
        formatCount(sumOf(points, 'calls')),
        formatRate(Math.max(...points.map(({ calls }) => calls)) / everySeconds),
        formatCount(sumOf(points, 'throttled')),
      ])}
    />
  )
}
