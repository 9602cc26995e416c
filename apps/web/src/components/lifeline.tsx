import { IconCircleCheck, IconCircleX, IconProgress, type TablerIcon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { DashedCircle } from './dashed-circle.ts'
import { type DateWords, useDates } from './date-format.ts'
import { sayGap } from './say-gap.ts'
import './lifeline.css'

/** One step in the life of a request or of an assignment. */
export interface LifeMoment {
  readonly title: string
  /** `now`: under way or waited for; `ahead`: it has not come to that. */
  readonly state: 'done' | 'now' | 'ahead' | 'failed'
  readonly at?: string | undefined
  readonly text?: ReactNode
}

const ICONS: Readonly<Record<LifeMoment['state'], readonly [icon: TablerIcon, word: string]>> = {
  done: [IconCircleCheck, 'done'],
  now: [IconProgress, 'under way'],
  ahead: [DashedCircle, 'not yet'],
  failed: [IconCircleX, 'failed'],
}

/** What happened when, from left to right with real times; from top to bottom where there is no room. */
export function Lifeline({ label, moments }: { readonly label: string; readonly moments: readonly LifeMoment[] }) {
  const dates = useDates()
  return (
    <ol className="life" aria-label={label}>
      {moments.map(({ title, state, at, text }, index) => {
        const [Icon, word] = ICONS[state]
        const before = moments.slice(0, index).findLast((one) => one.at !== undefined)?.at
        return (
          <li key={`${title} ${at ?? index}`} data-state={state} data-next={moments[index + 1]?.state}>
            <Icon size={18} role="img" aria-label={word} />
            <b>{title}</b>
            {at !== undefined && (
              <time dateTime={at} title={dates.moment(new Date(at))}>
                {sayTime(at, before, dates)}
              </time>
            )}
            {at !== undefined && before !== undefined && state !== 'ahead' && (
              <small>{sayGap(Date.parse(at) - Date.parse(before))}</small>
            )}
            {text !== undefined && text !== '' && <small>{text}</small>}
          </li>
        )
      })}
    </ol>
  )
}

/** The day only where it is another than that of the step before. */
function sayTime(at: string, before: string | undefined, { shortDay, second }: DateWords): string {
  const date = new Date(at)
  const isSameDay = before !== undefined && shortDay(new Date(before)) === shortDay(date)
  return isSameDay ? second(date) : `${shortDay(date)}, ${second(date)}`
}
