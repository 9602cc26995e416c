import { type AccountSelector, isUnitId, type Selected, selects } from '../identity-center/account-selector.ts'
import { type Account, organizationalPath } from '../identity-center/account.ts'
import { DomainError } from '../kernel/problems.ts'
import type { AccountFilterPart } from './organization.ts'

/** What can be said of an account, and why. */
export interface Judgement {
  /**
   * `unknown`: it hangs on units or tags that can't be read now. An account that is managed stays so then, because ended
   * access is taken away there only as long as it is; one that is not stays outside, because nobody knows whether it is
   * meant.
   */
  readonly answer: Selected
  /** In words, unless it is inside. */
  readonly reason: string
}

/**
 * Says whether an account is inside a filter; the order of the parts plays no role. `yes` and `no` hold whatever the
 * units and tags turn out to be that are not known.
 */
export const judgeAccount = (filter: readonly AccountFilterPart[], account: Account): Judgement =>
  judgeBy(filter)(account)

/** The same for many accounts: there may be a thousand parts, and thousands of accounts. */
export function judgeBy(filter: readonly AccountFilterPart[]): (account: Account) => Judgement {
  const parts = filter.map((part) => ({ part, selector: selectorOf(part), excludes: 'exclude' in part }))
  const includes = parts.some(({ excludes }) => !excludes)
  return (account) => {
    let isIncluded = !includes
    const unread = { excluding: new Array<AccountFilterPart>(), including: new Array<AccountFilterPart>() }
    for (const { part, selector, excludes } of parts) {
      const answer = selects(selector, account)
      if (answer === 'yes' && excludes) return { answer: 'no', reason: `left out by ${sayPredicate(part)}` }
      if (answer === 'yes') isIncluded = true
      if (answer === 'unknown') unread[excludes ? 'excluding' : 'including'].push(part)
    }
    if (!isIncluded && unread.including.length === 0) return { answer: 'no', reason: 'no part lets it in' }
    const open = [...unread.excluding, ...(isIncluded ? [] : unread.including)]
    return open.length === 0
      ? { answer: 'yes', reason: '' }
      : { answer: 'unknown', reason: `its ${sayFacts(open)} not known` }
  }
}

/** What it takes to judge by a part. */
export function selectorOf(part: AccountFilterPart): AccountSelector {
  if ('unit' in part) return { organizationalUnit: part.unit }
  if ('key' in part) return { tags: { [part.key]: [part.pattern] } }
  return fieldOf(part) === 'id' ? { id: part.pattern } : { name: part.pattern }
}

const fieldOf = (part: AccountFilterPart): string => ('include' in part ? part.include : part.exclude)

function sayPredicate(part: AccountFilterPart): string {
  if ('unit' in part) return `organizational unit ${part.unit}`
  if ('key' in part) return `tag ${part.key}=${part.pattern}`
  return `${fieldOf(part)} ${part.pattern}`
}

function sayFacts(parts: readonly AccountFilterPart[]): string {
  const tags = parts.some((part) => 'key' in part)
  const units = parts.some((part) => 'unit' in part)
  if (tags && units) return 'organizational units and tags are'
  return tags ? 'tags are' : 'organizational units are'
}

/** What may be read of accounts, as far as that is known. */
export interface Readable {
  readonly tags: boolean
  /** The names of organizational units; their ids are known without. */
  readonly unitNames: boolean
}

/** As it shows in accounts that were read; without any nothing speaks against it. */
export const readableOf = (accounts: readonly Account[]): Readable => ({
  tags: accounts.length === 0 || accounts.some(({ tags }) => tags !== undefined),
  unitNames: accounts.length === 0 || accounts.some((account) => organizationalPath(account) !== undefined),
})

/**
 * A filter that nobody can judge by is refused; what stood in it before stays.
 * @throws DomainError `conflict` with the permission that is missing
 */
export function demandReadable(
  filter: readonly AccountFilterPart[],
  readable: Readable,
  before: readonly AccountFilterPart[] = [],
): void {
  const isNew = (part: AccountFilterPart): boolean => {
    const said = JSON.stringify(part)
    return before.every((known) => JSON.stringify(known) !== said)
  }
  const added = filter.filter(isNew)
  if (!readable.tags && added.some((part) => 'key' in part))
    throw new DomainError({ code: 'conflict', ...TAGS_UNREADABLE })
  if (!readable.unitNames && added.some((part) => 'unit' in part && !isUnitId(part.unit)))
    throw new DomainError({ code: 'conflict', ...UNITS_UNREADABLE })
}

const REMEDY = 'run the set-up script again with its optional permission "organization-details"'
const TAGS_UNREADABLE = {
  message:
    'The account filter asks for tags, and none could be read: the role lacks organizations:ListTagsForResource.',
  remedy: `Filter by id, name or organizational unit, or ${REMEDY}.`,
}
const UNITS_UNREADABLE = {
  message:
    'The account filter asks for a path of organizational units, and their names could not be read: the role lacks organizations:ListRoots and organizations:ListOrganizationalUnitsForParent.',
  remedy: `Write the unit's id, such as ou-ab12-cdefghij, or ${REMEDY}.`,
}
