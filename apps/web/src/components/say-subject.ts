import { sayName } from './say-name.ts'

const KINDS: Readonly<Record<string, string>> = {
  user: 'user',
  role: 'role',
  list: 'list',
  request: 'request',
  lock: 'lock',
  organization: 'organization',
  'service-provider': 'service provider',
}

/** `user:93670424-a0d1` as `user ana@acme.example`; what does not exist any more by its id. */
export function saySubject(subject: string, names: Readonly<Record<string, string>>): string {
  const colon = subject.indexOf(':')
  const kind = KINDS[subject.slice(0, colon)]
  return kind === undefined ? sayName(subject) : `${kind} ${sayName(names[subject] ?? subject.slice(colon + 1))}`
}
