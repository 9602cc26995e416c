import { type AccessRequestDetailView, ApiProblem, type GatehouseClient } from '@gatehouse/api'
import { CliError, EXIT } from './exit-codes.ts'
import { shownBlock } from './request-blocks.ts'

export interface ReviewOptions {
  readonly verdict: 'approve' | 'deny'
  readonly reason: string
  readonly assumeStartTime?: string | undefined
  /** The only rows to approve; none: all. */
  readonly only: readonly string[]
  /** The hash that an earlier look at the request printed. */
  readonly shown?: string | undefined
}

/**
 * Files the caller's review. An approval is for what the server shows of the request now, or showed when the given hash
 * was printed; what is approved is told.
 * @throws CliError when there is nothing to be shown to the caller
 */
export async function fileReview(
  client: GatehouseClient,
  id: string,
  { verdict, reason, assumeStartTime, only, shown }: ReviewOptions,
  signal: AbortSignal,
): Promise<{ readonly request: AccessRequestDetailView; readonly talk: readonly string[] }> {
  const params = { id }
  const body = { verdict, reason, assumeStartTime, ...(only.length === 0 ? {} : { rows: [...only] }) }
  if (verdict === 'deny' || shown !== undefined)
    return { request: await client.reviewAccessRequest({ params, body: { ...body, shown } }, signal), talk: [] }
  try {
    return await approveSeen()
  } catch (error) {
    // What was shown may be some seconds old; the server has read it again by now.
    if (!(error instanceof ApiProblem) || error.code !== 'conflict') throw error
    return approveSeen()
  }

  async function approveSeen() {
    const seen = await client.getAccessRequest({ params }, signal)
    const hash = seen.shown?.hash
    if (seen.shown && hash === undefined)
      throw new CliError(seen.shown.problem ?? 'Nobody can say what would be approved.', {
        remedy: 'Try again in a moment.',
        exitCode: EXIT.failure,
      })
    const request = await client.reviewAccessRequest({ params, body: { ...body, shown: hash } }, signal)
    return { request, talk: shownBlock(seen.shown).filter((block) => !block.startsWith('Shown: ')) }
  }
}
