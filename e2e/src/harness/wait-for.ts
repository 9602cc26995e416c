import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Looks until the probe gives a value, and gives it. A wait has a reason and a limit: when it is over, the error says
 * what was waited for and the last thing that went wrong.
 */
export async function waitFor<T>(
  reason: string,
  probe: () => Promise<T | undefined> | T | undefined,
  { withinMs = 30_000, everyMs = 50, signal }: { withinMs?: number; everyMs?: number; signal?: AbortSignal } = {},
): Promise<T> {
  const deadline = performance.now() + withinMs
  let trouble: unknown
  for (;;) {
    signal?.throwIfAborted()
    try {
      const value = await probe()
      if (value !== undefined) return value
    } catch (error) {
      trouble = error
    }
    if (performance.now() > deadline) {
      const last = trouble instanceof Error ? `; the last trouble: ${trouble.message}` : ''
      throw new Error(`Waited ${withinMs} ms for ${reason}${last}`, { cause: trouble })
    }
    await sleep(everyMs, undefined, signal ? { signal } : {})
  }
}
