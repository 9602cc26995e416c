import { setTimeout as sleep } from 'node:timers/promises'
import type { Engine, OrganizationEngine } from '@gatehouse/application'
import type { OrganizationId } from '@gatehouse/domain'
import { Unavailable } from './describe-problem.ts'

/** An engine starts within a second or two of its organization's enrolment, or of this process's taking the lead. */
const LONGEST_WAIT_MS = 5_000
const LOOK_EVERY_MS = 50

/**
 * The engine of an organization, once it has started.
 * @throws Unavailable when it has not in time: another process leads, or this one is busy starting
 */
export async function awaitEngine(
  engines: Pick<Engine, 'of'>,
  organization: OrganizationId,
  { signal, withinMs = LONGEST_WAIT_MS }: { readonly signal: AbortSignal; readonly withinMs?: number },
): Promise<OrganizationEngine> {
  const deadline = performance.now() + withinMs
  for (;;) {
    signal.throwIfAborted()
    const engine = engines.of(organization)
    if (engine) return engine
    if (performance.now() >= deadline)
      throw new Unavailable(
        'This process does not act on AWS now: it is starting, or another one leads.',
        'Try again in a few seconds.',
      )
    await sleep(LOOK_EVERY_MS, undefined, { signal })
  }
}
