import { setTimeout as pause } from 'node:timers/promises'
import { type AccessRequestDetailView, ApiProblem, type GatehouseClient } from '@gatehouse/api'
import { CliError, EXIT, type ExitCode } from '@gatehouse/cli-kit'

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
    request = await client.getAccessRequest({ params: { id: filed.id } }, signal).catch(refuseGone)
  }
  return { request, exitCode: EXIT_OF[request.state] }
}

const EXIT_OF: Readonly<Record<Exclude<AccessRequestDetailView['state'], 'pending'>, ExitCode>> = {
  approved: EXIT.done,
  promoted: EXIT.done,
  denied: EXIT.refused,
  expired: EXIT.timeOut,
}

/** An expired request is soon gone altogether. */
function refuseGone(error: unknown): never {
  if (!(error instanceof ApiProblem) || error.code !== 'not-found') throw error
  throw new CliError('The request is gone: it expired undecided, or somebody removed it.', {
    remedy: 'Ask again, with a longer --request-ttl.',
    exitCode: EXIT.timeOut,
    cause: error,
  })
}
