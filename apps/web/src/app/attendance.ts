/** Whoever reads a page moves something now and then. */
const GONE_AFTER_MS = 5 * 60_000
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'scroll', 'focus'] as const

let seenAt = performance.now()
for (const sign of SIGNS)
  window.addEventListener(sign, () => (seenAt = performance.now()), { capture: true, passive: true })

/** Whether somebody is at the page: what an open window reads by itself is to keep no session alive. */
export const isAttended = (): boolean => performance.now() - seenAt < GONE_AFTER_MS
