import { setTimeout as pause } from 'node:timers/promises'
import type { AccessRequestDetailView, GatehouseClient } from '@gatehouse/api'
import { EXIT, type ExitCode } from '@gatehouse/cli-kit'

/** A person decides, so a second more or less is nothing. */
const ASK_EVERY_MS = 1000

/** Asks until somebody has decided or the time is over. */
export async function waitForDecision(
  client: GatehouseClient,
  filed: AccessRequestDetailView,
  patienceMs: number,
  signal: AbortSignal,
): Promise<{ readonly request: AccessRequestDetailView; readonly exitCode: ExitCode }> {
  const giveUpAt = performance.now() + patienceMs
  let request = filed
  while (request.state === 'pending') {
    const left = giveUpAt - performance.now()
    if (left <= 0) return { request, exitCode: EXIT.timeOut }
    await pause(Math.min(ASK_EVERY_MS, left), undefined, { signal })
    request = await client.getAccessRequest({ params: { id: filed.id } }, signal)
  }
  return { request, exitCode: request.state === 'denied' ? EXIT.refused : EXIT.done }
}
