import { DomainError, type Problem } from '@gatehouse/domain'

/** Why something was refused; nothing where it was done. What fails in another way fails here. */
export async function problemOf(act: Promise<unknown>): Promise<Problem | undefined> {
  try {
    await act
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return error.problem
    throw error
  }
}

/** The same of what has to be refused. */
export async function refusalOf(act: Promise<unknown>): Promise<Problem> {
  const problem = await problemOf(act)
  if (problem) return problem
  throw new Error('It was not refused.')
}
