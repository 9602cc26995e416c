import { IdentityCenterError } from '@gatehouse/application'
import { DomainError } from '@gatehouse/domain'
import { remedyOf } from './remedy-of.ts'

/** What AWS denies to whoever looks at it through a role that is not in use yet is refused to him. @throws DomainError `refused` */
export async function refuseDenied<T>(looking: Promise<T>): Promise<T> {
  try {
    return await looking
  } catch (cause) {
    if (!(cause instanceof IdentityCenterError) || cause.failure !== 'access-denied') throw cause
    const { message, remedy } = explainAws(cause)
    throw new DomainError({ code: 'refused', message: `AWS: ${message}`, remedy }, { cause })
  }
}

/** AWS's own text after the name of the operation, and what to do about it. */
export function explainAws({ operation, message, failure }: IdentityCenterError) {
  const said = message.startsWith(operation) ? message : `${operation}: ${message}`
  return { message: said, remedy: remedyOf(said, failure) }
}
