import {
  type Account,
  type AccountFilterPart,
  type AccountId,
  counted,
  judgeBy,
  type PlanNote,
} from '@gatehouse/domain'
import { IdentityCenterError } from '../ports/identity-center.ts'

export interface FilteredAccounts {
  readonly inside: readonly Account[]
  readonly outside: readonly Account[]
  readonly notes: readonly PlanNote[]
  /** Why nothing can be concluded: no account is inside, and of some nobody can say. */
  readonly failure?: IdentityCenterError
}

/** Those that tags and units may still let in, as they are listed; the others need not be asked for. */
export function candidatesOf(
  filter: readonly AccountFilterPart[],
  listed: readonly Account[],
): { readonly candidates: readonly Account[]; readonly outside: readonly Account[] } {
  const judge = judgeBy(filter)
  const { candidates = [], outside = [] } = Object.groupBy(listed, (account) =>
    judge(account).answer === 'no' ? 'outside' : 'candidates',
  )
  return { candidates, outside }
}

/**
 * Accounts of which nobody can say whether they are inside stay where they are: those in the mirror are managed, and
 * dropping them on the word of a failed read would end the removal of ended access there; others stay outside, because
 * nothing says that they are meant. When that leaves none at all, the read counts as failed.
 */
export function filterAccounts(
  filter: readonly AccountFilterPart[],
  candidates: readonly Account[],
  known: ReadonlyMap<AccountId, unknown>,
): FilteredAccounts {
  const inside: Account[] = []
  const outside: Account[] = []
  const stay: Unknown[] = []
  const wait: Unknown[] = []
  const judge = judgeBy(filter)
  for (const account of candidates) {
    const { answer, reason } = judge(account)
    const isKnown = known.has(account.id)
    if (answer === 'yes' || (answer === 'unknown' && isKnown)) inside.push(account)
    else outside.push(account)
    if (answer === 'unknown') (isKnown ? stay : wait).push({ account, reason })
  }
  const notes = [...noteOf(stay, 'stay managed'), ...noteOf(wait, 'stay outside')]
  const isFailure = inside.length === 0 && wait.length > 0
  return { inside, outside, notes, ...(isFailure ? { failure: failureOf(filter, candidates, wait) } : {}) }
}

interface Unknown {
  readonly account: Account
  readonly reason: string
}

function failureOf(
  filter: readonly AccountFilterPart[],
  candidates: readonly Account[],
  wait: readonly Unknown[],
): IdentityCenterError {
  const areTagsMissing = filter.some((part) => 'key' in part) && wait.some(({ account }) => account.tags === undefined)
  return new IdentityCenterError(
    'unavailable',
    areTagsMissing ? 'ListTagsForResource' : 'ListOrganizationalUnitsForParent',
    `the account filter lets in none of ${countOf(candidates)} so far, and of ${wait.length} nobody can say: ${causeOf(wait)}. ${WHAT_TO_DO}`,
  )
}

const countOf = ({ length }: readonly unknown[]): string => counted(length, 'account')

const SHOWN = 5

function noteOf(those: readonly Unknown[], what: string): readonly PlanNote[] {
  if (those.length === 0) return []
  const names = those.slice(0, SHOWN).map(({ account }) => account.name)
  const more = those.length > SHOWN ? `, and ${those.length - SHOWN} more` : ''
  return [
    {
      kind: 'not-read-yet',
      about: 'account filter',
      message: `Of ${countOf(those)} it is not known whether the filter means them, and they ${what} (${names.join(', ')}${more}): ${causeOf(those)}. ${WHAT_TO_DO}`,
    },
  ]
}

const causeOf = (those: readonly Unknown[]): string => [...new Set(those.map(({ reason }) => reason))].join('; ')
const WHAT_TO_DO =
  'Tags take the permission organizations:ListTagsForResource and, with many accounts, up to an hour; names of units take organizations:ListRoots and organizations:ListOrganizationalUnitsForParent.'
