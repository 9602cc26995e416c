import { type AccountSelector, MAX_UNIT_LENGTH, parseOrganizationalUnit } from '../identity-center/account-selector.ts'
import { parseAccountId } from '../identity-center/account.ts'
import { isLiteral, parsePattern, type Pattern } from '../kernel/pattern.ts'
import { entriesOf, itemsOf, located, oneOrMore, openMap, text } from './fields.ts'
import { invalid, type Value } from './source.ts'

const KEYS = ['id', 'name', 'organizational_unit', 'tags'] as const

/** Which accounts are meant: a list of entries, each of which adds some; all keys of one entry must hold. */
export const parseAccountSelectors = (value: Value | undefined): readonly AccountSelector[] =>
  itemsOf(value, 'a list of accounts').map(parseSelector)

function parseSelector(value: Value): AccountSelector {
  const fields = openMap(value, KEYS)
  const id = fields.find('id')
  const name = fields.find('name')
  const unit = fields.find('organizational_unit')
  const tags = fields.find('tags')
  if (!id && !name && !unit && !tags)
    throw invalid(value, 'it names no account.', `Give at least one of ${KEYS.join(', ')}.`)
  return {
    ...(id ? { id: idPattern(id) } : {}),
    ...(name ? { name: patternOf(name) } : {}),
    ...(unit ? { organizationalUnit: unitOf(unit) } : {}),
    ...(tags ? { tags: tagsOf(tags) } : {}),
  }
}

const patternOf = (value: Value): Pattern => located(value, () => parsePattern(text(value)))

function idPattern(value: Value): Pattern {
  const pattern = patternOf(value)
  if (isLiteral(pattern)) located(value, () => parseAccountId(pattern))
  return pattern
}

function unitOf(value: Value): string {
  const written = text(value, { max: MAX_UNIT_LENGTH })
  const unit = parseOrganizationalUnit(written)
  if (unit !== undefined) return unit
  throw invalid(
    value,
    `"${written.slice(0, 60)}" is no organizational unit.`,
    'Write its id, such as ou-ab12-cdefghij, or its path from the root, such as Root/Workloads/Prod; what is below it is meant too.',
  )
}

function tagsOf(value: Value): NonNullable<AccountSelector['tags']> {
  const entries = entriesOf(value).map(([key, inner]): [string, readonly Pattern[]] => {
    const patterns = oneOrMore(inner).map((one) => located(inner, () => parsePattern(one)))
    if (patterns.length === 0) throw invalid(inner, 'it has no value.', 'Write "*" for any value.')
    return [key, patterns]
  })
  if (entries.length === 0) throw invalid(value, 'it has no tag.', 'Write a key and a value, such as "env: prod".')
  return Object.fromEntries(entries)
}
