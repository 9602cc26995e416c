import { createDraw } from '../world/draw.ts'
import type { Knobs } from '../world/knobs.ts'

export type Work = 'assign' | 'provision' | 'delete' | 'reprovision'

/**
 * How long one piece of asynchronous work takes, in milliseconds. Drawn by the seed and the order of acceptance, so that a run repeats
 * itself and a restart changes nothing.
 */
export function drawDuration(knobs: Knobs, sequence: number, work: Work): number {
  const draw = createDraw(`${knobs.durationSeed}/${sequence}`)
  const range = draw.fraction() < knobs.tailProbability ? knobs.durationTail : usual(knobs, work)
  return Math.round(draw.between(...range))
}

function usual(knobs: Knobs, work: Work): [number, number] {
  switch (work) {
    case 'assign':
      return knobs.durationAssign
    case 'provision':
      return knobs.durationProvision
    case 'delete':
      return knobs.durationDelete
    case 'reprovision':
      return knobs.durationReprovision
  }
}
