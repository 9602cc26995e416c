import {
  type Account,
  type AccountId,
  type AccountSelector,
  between,
  counted,
  type Duration,
  hours,
  type Instant,
  isUnitId,
  type Labels,
  minus,
  organizationalPath,
  type PlanNote,
  type OrganizationView,
} from '@gatehouse/domain'
import { type CallOptions, type IdentityCenter, IdentityCenterError, type UnitPath } from '../ports/identity-center.ts'
import { inParallel } from './in-parallel.ts'

/** What is known of accounts beyond their list, and since when. */
export interface AccountFacts {
  /** `undefined` in it: not permitted. */
  units: Read<readonly UnitPath[] | undefined> | undefined
  /** The accounts directly in a unit, for servers that don't list an account with its units. */
  readonly members: Map<string, Read<readonly AccountId[]>>
  readonly tags: Map<AccountId, Read<Labels>>
  /** Accounts that had tags and were read once without any. */
  readonly emptied: Set<AccountId>
  tagsRefused: boolean
}
interface Read<T> {
  readonly value: T
  readonly readAt: Instant
}

export const createAccountFacts = (): AccountFacts => ({
  units: undefined,
  members: new Map(),
  tags: new Map(),
  emptied: new Set(),
  tagsRefused: false,
})

/** Tags and units rarely change: they are read again after an hour. */
const LIFETIME = hours(1)
/** What could not be read again for so long is known no more. */
const BELIEVED_FOR = hours(2)
/** A sweep reads the tags of so many accounts; of an organization with more, a twelfth, which makes an hour. */
const TAGS_PER_SWEEP = 100
const SWEEPS_PER_HOUR = 12

interface Input {
  /** As they are listed; inside the filter. */
  readonly accounts: readonly Account[]
  /** As they were known before. */
  readonly known: ReadonlyMap<AccountId, Account>
  readonly facts: AccountFacts
  /** What bundles and approval rules ask of accounts. */
  readonly selectors: readonly AccountSelector[]
  readonly now: Instant
}

/**
 * Adds tags and organizational units to accounts, as far as AWS lets us read them: what is refused is absent, and what
 * fails for another reason stays as it was for a while. A sweep reads only some of the tags, so that many accounts are
 * spread over an hour.
 */
export async function readAccountFacts(
  identityCenter: IdentityCenter,
  input: Input,
  call: CallOptions,
): Promise<readonly Account[]> {
  await readUnits(identityCenter, input, call)
  await readTags(identityCenter, input, call)
  return withFacts(input.accounts, input.facts)
}

async function readUnits(identityCenter: IdentityCenter, input: Input, call: CallOptions): Promise<void> {
  const { facts, accounts, now } = input
  if (facts.units?.value === undefined || !isYoung(facts.units, LIFETIME, now)) {
    const read = await attempt(() => identityCenter.listOrganizationalUnits(call), call)
    if (read.how === 'read') facts.units = { value: read.value, readAt: now }
    else if (facts.units && !isYoung(facts.units, BELIEVED_FOR, now)) facts.units = undefined
  }
  if (accounts.some(({ parents }) => parents === undefined)) await readMembers(identityCenter, input, call)
}

/** Of every unit, or where they can't be listed, of those that somebody names by their ids. */
async function readMembers(identityCenter: IdentityCenter, input: Input, call: CallOptions): Promise<void> {
  const { facts, selectors, now } = input
  const named = selectors.flatMap(({ organizationalUnit: unit }) => unit ?? [])
  const asked = new Set(facts.units?.value?.map(([{ id }]) => id) ?? named.filter(isUnitId))
  for (const id of facts.members.keys()) if (!asked.has(id)) facts.members.delete(id)
  await inParallel([...asked], async (id) => {
    const known = facts.members.get(id)
    if (known && isYoung(known, LIFETIME, now)) return
    const read = await attempt(() => identityCenter.listAccountsInUnit(id, call), call)
    if (read.how === 'read') facts.members.set(id, { value: read.value, readAt: now })
    else if (read.how === 'gone' || (known && !isYoung(known, BELIEVED_FOR, now))) facts.members.delete(id)
  })
}

async function readTags(identityCenter: IdentityCenter, input: Input, call: CallOptions): Promise<void> {
  const { facts, now } = input
  keepKnown(input)
  facts.tagsRefused = false
  let isFailing = false
  await inParallel(tagsDue(input), async (id) => {
    if (isFailing || facts.tagsRefused) return
    const read = await attempt(() => identityCenter.listAccountTags(id, call), call)
    if (read.how === 'gone') facts.tags.delete(id)
    else if (read.how === 'failed') isFailing = true
    else if (read.value) {
      if (!isDoubtful(facts, id, read.value)) facts.tags.set(id, { value: read.value, readAt: now })
    } else facts.tagsRefused = true
  })
  if (facts.tagsRefused) facts.tags.clear()
  for (const [id, read] of facts.tags) if (!isYoung(read, BELIEVED_FOR, now)) facts.tags.delete(id)
}

/** An account loses all of its tags on the word of two reads, because an empty answer may be a bad one. */
function isDoubtful({ tags, emptied }: AccountFacts, id: AccountId, value: Labels): boolean {
  const isEmptied = Object.keys(value).length === 0 && Object.keys(tags.get(id)?.value ?? {}).length > 0
  const isFirst = isEmptied && !emptied.has(id)
  if (isFirst) emptied.add(id)
  else emptied.delete(id)
  return isFirst
}

/** Tags from before a restart count until they have been read again, which they are at once. */
function keepKnown({ accounts, known, facts, now }: Input): void {
  const present = new Set(accounts.map(({ id }) => id))
  for (const id of facts.tags.keys()) if (!present.has(id)) facts.tags.delete(id)
  for (const id of present) {
    const tags = known.get(id)?.tags
    if (tags && !facts.tags.has(id)) facts.tags.set(id, { value: tags, readAt: minus(now, LIFETIME) })
  }
}

/** Those never read, and then the oldest. */
function tagsDue({ accounts, facts, now }: Input): readonly AccountId[] {
  const due = accounts.flatMap(({ id }) => {
    const read = facts.tags.get(id)
    return read && isYoung(read, LIFETIME, now) ? [] : { id, readAt: read?.readAt ?? Number.NEGATIVE_INFINITY }
  })
  const most = Math.max(TAGS_PER_SWEEP, Math.ceil(accounts.length / SWEEPS_PER_HOUR))
  return due
    .toSorted((a, b) => (a.readAt === b.readAt ? 0 : a.readAt - b.readAt))
    .slice(0, most)
    .map(({ id }) => id)
}

function isYoung({ readAt }: Read<unknown>, lifetime: Duration, now: Instant): boolean {
  const age = between(readAt, now)
  return age >= 0 && age < lifetime
}

type Attempt<T> = { readonly how: 'read'; readonly value: T } | { readonly how: 'gone' } | { readonly how: 'failed' }

/** These facts are extras: that one of them can't be read now is no reason to give the whole reading up. */
async function attempt<T>(work: () => Promise<T>, call: CallOptions): Promise<Attempt<T>> {
  try {
    return { how: 'read', value: await work() }
  } catch (error) {
    call.signal.throwIfAborted()
    if (!(error instanceof IdentityCenterError)) throw error
    return { how: error.failure === 'not-found' ? 'gone' : 'failed' }
  }
}

function withFacts(accounts: readonly Account[], facts: AccountFacts): readonly Account[] {
  const pathOf = new Map((facts.units?.value ?? []).map((path) => [path[0].id, path]))
  const unitOf = new Map([...facts.members].flatMap(([unit, { value }]) => value.map((id) => [id, unit])))
  const placeOf = ({ id, parents }: Account): Pick<Account, 'parents' | 'parent'> => {
    const unit = unitOf.get(id)
    const path = unit === undefined ? undefined : pathOf.get(unit)
    if (parents) return { parents: parents.map((parent) => pathOf.get(parent.id)?.[0] ?? parent) }
    if (path) return { parents: path }
    return unit === undefined ? {} : { parent: unit }
  }
  return accounts.map((account) => {
    const tags = facts.tags.get(account.id)?.value
    return { ...account, ...placeOf(account), ...(tags ? { tags } : {}) }
  })
}

/** What bundles and approval rules ask of accounts. */
export const selectorsOf = ({ bundles, approvalRules }: OrganizationView): readonly AccountSelector[] => [
  ...bundles.flatMap(({ accounts, exclude }) => [...accounts, ...exclude.accounts]),
  ...approvalRules.flatMap(({ when }) => when.accounts),
]

/** Says why something that a bundle or an approval rule needs to know is not known. */
export function unreadFacts(accounts: readonly Account[], selectors: readonly AccountSelector[]): readonly PlanNote[] {
  const note = (about: string, message: string): PlanNote => ({ kind: 'not-read-yet', about, message })
  const unread = (isKnown: (account: Account) => boolean): string | undefined => {
    const count = accounts.filter((account) => !isKnown(account)).length
    return count === 0 ? undefined : `of ${count} of ${counted(accounts.length, 'account')}`
  }
  const tags = selectors.some((selector) => selector.tags) ? unread((account) => account.tags !== undefined) : undefined
  const needsIds = selectors.some(({ organizationalUnit: unit }) => unit !== undefined)
  const needsNames = selectors.some(({ organizationalUnit: unit = '' }) => unit !== '' && !/^(?:ou|r)-/.test(unit))
  const units = needsIds
    ? unread((account) => (needsNames ? organizationalPath(account) : account.parents) !== undefined)
    : undefined
  return [
    ...(tags === undefined
      ? []
      : [
          note(
            'account tags',
            `The tags ${tags} are not known, so entries with tags give nothing there. The role needs organizations:ListTagsForResource; many accounts are read over an hour.`,
          ),
        ]),
    ...(units === undefined
      ? []
      : [
          note(
            'organizational units',
            `The organizational units ${units} are not known, so entries with units give nothing there. The role needs organizations:ListRoots and organizations:ListOrganizationalUnitsForParent; with ids alone, only accounts directly in a unit are found.`,
          ),
        ]),
  ]
}
