import { matches, type Pattern } from '../kernel/pattern.ts'
import { type Account, organizationalPath } from './account.ts'

/** Organizations API Reference, "OrganizationalUnit": ids, and names of up to 128 characters, five levels deep. */
export const MAX_UNIT_LENGTH = 1024

/** An id (`ou-…`, `r-…`), or a path that begins with the root's name; `undefined` for what is neither. */
export function parseOrganizationalUnit(text: string): string | undefined {
  const unit = text.trim().replaceAll(/^\/+|\/+$/g, '')
  if (unit.length > MAX_UNIT_LENGTH) return undefined
  if (/^(?:ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})$/.test(unit)) return unit
  const isPath = unit !== '' && !unit.includes('*') && unit.split('/').every((part) => part !== '')
  return isPath && !/^(?:ou|r)-/.test(unit) ? unit : undefined
}

/** Written as an id is, not as a path. */
export const isUnitId = (unit: string): boolean => /^(?:ou|r)-[^/]*$/.test(unit)

/** Which accounts are meant: everything that is given must hold. */
export interface AccountSelector {
  readonly id?: Pattern
  readonly name?: Pattern
  /** The id of an organizational unit or its path from the root (`Root/Workloads`); what is below it is meant too. */
  readonly organizationalUnit?: string
  /** Every key must be there with one of its values. */
  readonly tags?: Readonly<Record<string, readonly Pattern[]>>
}

/** `unknown`: what it takes to say so can't be read from AWS. Whoever asks decides which way is the safe one. */
export type Selected = 'yes' | 'no' | 'unknown'

export function selects(selector: AccountSelector, account: Account): Selected {
  const { id, name, organizationalUnit, tags } = selector
  if (id !== undefined && !matches(id, account.id)) return 'no'
  if (name !== undefined && !matches(name, account.name)) return 'no'
  const answers = [
    ...(organizationalUnit === undefined ? [] : [isIn(organizationalUnit, account)]),
    ...(tags === undefined ? [] : [hasTags(tags, account)]),
  ]
  if (answers.includes('no')) return 'no'
  return answers.includes('unknown') ? 'unknown' : 'yes'
}

function isIn(unit: string, account: Account): Selected {
  const { parents, parent } = account
  if (!parents) return parent === unit ? 'yes' : 'unknown'
  if (parents.some(({ id }) => id === unit)) return 'yes'
  if (isUnitId(unit)) return 'no'
  const path = organizationalPath(account)
  if (path === undefined) return 'unknown'
  return path === unit || path.startsWith(`${unit}/`) ? 'yes' : 'no'
}

function hasTags(wanted: NonNullable<AccountSelector['tags']>, { tags }: Account): Selected {
  if (!tags) return 'unknown'
  const holds = Object.entries(wanted).every(([key, values]) => {
    const value = Object.hasOwn(tags, key) ? tags[key] : undefined
    return value !== undefined && values.some((pattern) => matches(pattern, value))
  })
  return holds ? 'yes' : 'no'
}
