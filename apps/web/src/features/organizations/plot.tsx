import type { OrganizationMetricsView } from '@gatehouse/api'
import { useElementSize } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useDates } from '../../components/date-format.ts'
import './charts.css'

const HEIGHT = 170
const MARGIN = { left: 40, right: 12, top: 14, bottom: 22 } as const

/** Where a moment and a value lie, in pixels. */
export interface Scale {
  readonly x: (at: number) => number
  readonly y: (value: number) => number
  readonly left: number
  readonly right: number
  readonly bottom: number
}

/** What a picture over time stands on: its hours, its values and their lines, as wide as there is room. */
export function Plot({
  metrics,
  ticks,
  most = Math.max(...ticks),
  unit,
  children,
}: {
  /** Which hour it is, and from when on anything was measured. */
  readonly metrics: Pick<OrganizationMetricsView, 'from' | 'to' | 'since'>
  /** Values with a line of their own. */
  readonly ticks: readonly number[]
  /** The highest value that there is room for; left out, the highest line. */
  readonly most?: number
  readonly unit: string
  readonly children: (scale: Scale) => ReactNode
}) {
  const { ref, width } = useElementSize<HTMLDivElement>()
  const { clock } = useDates()
  const from = Date.parse(metrics.from)
  const to = Date.parse(metrics.to)
  const since = Date.parse(metrics.since)
  const scale = scaleOf(width, { from, to, most })
  return (
    <div className="plot" ref={ref}>
      {width > 0 && (
        // The same is said in words and as a table beside it.
        <svg width={width} height={HEIGHT} aria-hidden>
          {since > from && <Unmeasured scale={scale} until={since} top={scale.y(most)} />}
          {ticks.map((value) => (
            <g key={value}>
              <line className="grid" x1={scale.left} x2={scale.right} y1={scale.y(value)} y2={scale.y(value)} />
              <text x={scale.left - 6} y={scale.y(value) + 4} textAnchor="end">
                {value}
                {value > 0 && unit}
              </text>
            </g>
          ))}
          {(
            [
              [from, 'start'],
              [(from + to) / 2, 'middle'],
              [to, 'end'],
            ] as const
          ).map(([at, anchor]) => (
            <text key={anchor} x={scale.x(at)} y={HEIGHT - 6} textAnchor={anchor}>
              {clock(new Date(at))}
            </text>
          ))}
          {children(scale)}
        </svg>
      )}
    </div>
  )
}

/** So wide is what it says, with room at both sides. */
const WORDS_NEED = 110

function Unmeasured({
  scale: { left, bottom, x },
  until,
  top,
}: {
  readonly scale: Scale
  readonly until: number
  readonly top: number
}) {
  const width = x(until) - left
  return (
    <>
      <rect className="unknown" x={left} y={top} width={width} height={bottom - top} />
      {width > WORDS_NEED && (
        <text x={left + width / 2} y={(top + bottom) / 2 - 6} textAnchor="middle">
          not measured
        </text>
      )}
    </>
  )
}

function scaleOf(
  width: number,
  { from, to, most }: { readonly from: number; readonly to: number; readonly most: number },
): Scale {
  const [left, right] = [MARGIN.left, width - MARGIN.right]
  const bottom = HEIGHT - MARGIN.bottom
  return {
    // A slot at the edge is shown as far as it reaches into the picture.
    x: (at) => left + Math.min(1, Math.max(0, (at - from) / (to - from))) * (right - left),
    y: (value) => bottom - (value / most) * (bottom - MARGIN.top),
    left,
    right,
    bottom,
  }
}

/** The time that a sentence about all that was measured is about. */
export function usePeriod({ from, since }: Pick<OrganizationMetricsView, 'from' | 'since'>): string {
  const { clock } = useDates()
  return Date.parse(since) > Date.parse(from) ? `since ${clock(new Date(since))}` : 'in the last hour'
}
