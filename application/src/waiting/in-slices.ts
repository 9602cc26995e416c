import { setImmediate } from 'node:timers/promises'
import type { Steps } from '@gatehouse/domain'

/** Longer than this nobody notices that an answer waits for another. */
const SLICE_MS = 15

/** Does long work without keeping everything else on this thread waiting. Ends when the caller gives up. */
export async function inSlices<T>(steps: Steps<T>, signal: AbortSignal): Promise<T> {
  for (let begun = performance.now(); ;) {
    const step = steps.next()
    if (step.done) return step.value
    if (performance.now() - begun < SLICE_MS) continue
    await setImmediate(undefined, { signal })
    begun = performance.now()
  }
}
