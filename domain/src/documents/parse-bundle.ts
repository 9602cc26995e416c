import { type BundleExclusions, type BundleName, EXCLUDES_NOTHING } from '../bundles/bundle.ts'
import { parsePattern, type Pattern } from '../kernel/pattern.ts'
import type { BundleDocument } from './document.ts'
import { openEnvelope, plainName } from './envelope.ts'
import { itemsOf, located, openMap, text, textOr } from './fields.ts'
import { parseAccountSelectors } from './parse-account-selector.ts'
import { invalid, type Value } from './source.ts'

const MAX_TITLE = 200
/** Far beyond what anybody reads; each entry is tried on every account. */
const MAX_ENTRIES = 500

export function parseBundle(value: Value): BundleDocument {
  const { name, description, labels, spec } = openEnvelope(value, ['v1'])
  const fields = openMap(spec, ['title', 'accounts', 'permission_sets', 'exclude'])
  const accounts = parseAccountSelectors(fields.get('accounts'))
  const permissionSets = parseSets(fields.get('permission_sets'))
  if (accounts.length === 0) throw empty(fields.get('accounts'), 'account')
  if (permissionSets.length === 0) throw empty(fields.get('permission_sets'), 'permission set')
  const exclude = exclusionsOf(fields.find('exclude'))
  if ([accounts, permissionSets, exclude.accounts, exclude.permissionSets].some(({ length }) => length > MAX_ENTRIES))
    throw invalid(spec, `it has more than ${MAX_ENTRIES} entries of one kind.`, 'Use patterns, or several bundles.')
  return {
    kind: 'bundle',
    name: plainName(name, 'a bundle') as BundleName, // checked on this line
    title: textOr(fields.find('title'), '', MAX_TITLE),
    description,
    labels,
    accounts,
    permissionSets,
    exclude,
  }
}

const empty = (at: Value, what: string) => invalid(at, `it names no ${what}.`, 'Add one, or leave the bundle out.')

const parseSets = (value: Value | undefined): readonly Pattern[] =>
  itemsOf(value, 'a list of permission sets').map((item) => located(item, () => parsePattern(text(item))))

function exclusionsOf(value: Value | undefined): BundleExclusions {
  if (!value) return EXCLUDES_NOTHING
  const fields = openMap(value, ['accounts', 'permission_sets'])
  return {
    accounts: parseAccountSelectors(fields.find('accounts')),
    permissionSets: parseSets(fields.find('permission_sets')),
  }
}
