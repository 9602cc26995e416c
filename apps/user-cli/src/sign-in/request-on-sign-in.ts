import { ApiProblem, type GatehouseClient, type Session } from '@gatehouse/api'
import { ask, canAsk, printable } from '@gatehouse/cli-kit'

/** What `tsh login` asks for by itself. */
export interface LoginRequest {
  readonly roles: readonly string[]
  readonly reason: string | undefined
  readonly reviewers: readonly string[]
}

/**
 * Asks for access on signing in: for the roles that the user names, or for everything where his roles want that. Gives
 * what to tell him; being signed in never fails because of it, unless he named the roles.
 */
export async function requestOnSignIn(
  client: GatehouseClient,
  { requestOnSignIn: wanted }: Session,
  { roles, reason, reviewers }: LoginRequest,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (roles.length === 0 && !wanted) return []
  const prompt = wanted?.prompts.join(' ')
  if (reason === undefined && wanted?.needsReason && !canAsk())
    return [`Your roles want you to ask for access, with a reason${prompt ? `: ${prompt}` : ''}`, HOW_TO_ASK]
  const why = reason ?? (wanted?.needsReason ? await ask(`${printable(prompt || 'Why do you need access?')} `) : '')
  const body = { roles: roles.length > 0 ? [...roles] : ['*'], reason: why, suggestedReviewers: [...reviewers] }
  try {
    const { id } = await client.createAccessRequest({ body }, signal)
    return [`Access request ${id} waits for a decision; "tsh request show ${id}" tells how it stands.`]
  } catch (error) {
    if (roles.length > 0 || !(error instanceof ApiProblem)) throw error
    return [`Your roles want you to ask for access, and that was refused: ${error.message}`, HOW_TO_ASK]
  }
}

const HOW_TO_ASK = 'Ask with "tsh request create --roles <names> --reason <text>".'
