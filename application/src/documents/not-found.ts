import { DomainError, suggest } from '@gatehouse/domain'

/** Says what is not there, and what may have been meant; only for those who may see all the names. */
export function notFound(kind: string, name: string, known: Iterable<string>): DomainError {
  const suggestion = suggest(name, known)
  return new DomainError({ code: 'not-found', kind, name, ...(suggestion === undefined ? {} : { suggestion }) })
}
