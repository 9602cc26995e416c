import {
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconHourglass,
  IconProgress,
  type TablerIcon,
} from '@tabler/icons-react'
import { DashedCircle } from './dashed-circle.ts'
import { textOnLight } from './text-on-light.ts'

/** Green: confirmed by AWS or decided for; blue: in progress; amber: waits for a person; red: failed or denied; grey: ended. */
const MEANING: Readonly<Record<string, readonly [color: string, icon: TablerIcon]>> = {
  confirmed: ['green', IconCircleCheck],
  granted: ['green', IconCircleCheck],
  approved: ['green', IconCircleCheck],
  promoted: ['green', IconCircleCheck],
  saved: ['blue', IconProgress],
  sent: ['blue', IconProgress],
  ending: ['blue', IconProgress],
  pending: ['yellow', IconHourglass],
  open: ['yellow', IconHourglass],
  proposed: ['yellow', IconHourglass],
  waiting: ['yellow', IconClock],
  requestable: ['gray', DashedCircle],
  denied: ['red', IconCircleX],
  failed: ['red', IconCircleX],
  expired: ['gray', DashedCircle],
  ended: ['gray', DashedCircle],
  returned: ['gray', DashedCircle],
}

/** Never by colour alone: a picture and a word stand with it. */
export function State({ state, label = state }: { readonly state: string; readonly label?: string }) {
  const [color, Icon] = MEANING[state] ?? ['gray', DashedCircle]
  return (
    <span className="state" style={{ color: textOnLight(color), background: `var(--mantine-color-${color}-light)` }}>
      <Icon size={13} aria-hidden />
      {label}
    </span>
  )
}
