import { DomainError, type Problem } from '@gatehouse/domain'
import type { Commit } from '@gatehouse/application'
import pg from 'pg'
import { foldName } from './values.ts'

// PostgreSQL documentation, "PostgreSQL Error Codes".
const UNIQUE_VIOLATION = '23505'
const FOREIGN_KEY_VIOLATION = '23503'
const SAME_ROW_TWICE = '21000'
const TIME_OUT_OF_RANGE = '22008'

/** Runs work and says in the domain's words what the database refused; anything else is thrown as it came. */
export async function explainRefusals<Result>(commit: Commit, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const problem = error instanceof pg.DatabaseError ? problemOf(error, commit) : undefined
    throw problem ? new DomainError(problem, { cause: error }) : error
  }
}

function problemOf(error: pg.DatabaseError, commit: Commit): Problem | undefined {
  if (error.code === UNIQUE_VIOLATION) return TAKEN[error.constraint ?? '']?.(valueIn(error), commit)
  if (error.code === FOREIGN_KEY_VIOLATION)
    return { code: 'not-found', kind: referredKind(error.constraint ?? ''), name: valueIn(error) }
  if (error.code === SAME_ROW_TWICE)
    return {
      code: 'conflict',
      message: 'A list names the same owner or member twice.',
      remedy: 'Name everybody once.',
    }
  if (error.code === TIME_OUT_OF_RANGE)
    return { code: 'invalid-value', text: error.message, expected: 'a time after the year 4713 BC' }
  return undefined
}

type Explanation = (value: string, commit: Commit) => Problem
const nameTaken =
  (kind: string): Explanation =>
  (value, commit) => ({
    code: 'conflict',
    message: `There is ${kind} "${spelledAs(value, commit)}" already.`,
    remedy: 'Choose another name.',
  })
const linkTaken: Explanation = (value) => ({
  code: 'conflict',
  message: `In AWS, (${value}) is linked to another of our records already.`,
  remedy: 'Take that link away first.',
})

/** By the name of the constraint, as the migrations give it. */
const TAKEN: Readonly<Record<string, Explanation>> = {
  local_user_name_taken: nameTaken('a user'),
  role_name_taken: nameTaken('a role'),
  access_list_title_taken: nameTaken('an access list'),
  organization_name_taken: nameTaken('an organization'),
  bundle_name_taken: nameTaken('a bundle'),
  approval_rule_name_taken: nameTaken('an approval rule'),
  service_provider_name_taken: nameTaken('a service provider'),
  service_provider_entity_id_taken: (value) => ({
    code: 'conflict',
    message: `A service provider has the entity id ${value} already.`,
    remedy: 'Change that one, or remove it first.',
  }),
  organization_instance_taken: (value) => ({
    code: 'conflict',
    message: `The Identity Center instance ${value} is enrolled already.`,
    remedy: 'Change the organization that is there.',
  }),
  user_link_taken: linkTaken,
  group_link_taken: linkTaken,
}

/** The value that PostgreSQL complains of: its detail ends in `(column)=(value)` and words that depend on the language. */
const valueIn = (error: pg.DatabaseError): string => /=\((.*)\)/s.exec(error.detail ?? '')?.[1] ?? ''

/** The name as the commit spells it: the database compares folded ones. */
function spelledAs(folded: string, { records = [] }: Commit): string {
  const names = records.flatMap((change) => {
    if (!('put' in change)) return []
    if (change.put === 'user') return [change.user.name]
    if (change.put === 'role') return [change.role.name]
    if (change.put === 'list') return [change.list.title]
    if (change.put === 'service-provider') return [change.provider.name]
    if (change.put === 'bundle') return [change.bundle.name]
    if (change.put === 'approval-rule') return [change.rule.name]
    return change.put === 'organization' ? [change.organization.name] : []
  })
  return names.find((name) => foldName(name) === folded) ?? folded
}

function referredKind(constraint: string): string {
  if (constraint.endsWith('_list')) return 'access list'
  return constraint.endsWith('_organization') ? 'organization' : 'user'
}
