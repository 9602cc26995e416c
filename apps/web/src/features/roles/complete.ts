import { ROLE_KEYS, ROLE_VALUES } from '@gatehouse/api'
import type { Named } from '../../components/choice.tsx'

export interface Catalogue {
  readonly accounts: readonly Named[]
  readonly permissionSets: readonly Named[]
}

/** What may stand at the cursor, and which part of the text it takes the place of. */
export interface Completion {
  readonly from: number
  readonly to: number
  readonly options: readonly { readonly label: string; readonly insert: string }[]
}

const MOST = 8

/**
 * What may stand at the cursor of a role's YAML: keys by where it is, accounts and permission sets by name, and values
 * that there are few of. Nothing where nothing is known, or where what is typed is whole.
 */
export function completeRole(text: string, cursor: number, catalogue: Catalogue): Completion | undefined {
  const start = text.lastIndexOf('\n', cursor - 1) + 1
  const before = text.slice(start, cursor)
  const isLineEnd = /^[ \t]*(?:\n|$)/.test(text.slice(cursor))
  if (!isLineEnd) return undefined
  const path = pathAt(text, start)
  const value = /^(\s*(?:- )?)([\w-]+):[ ]+(["']?)([^"'#]*)$/.exec(before)
  if (value) {
    const [, , key = '', quote = '', typed = ''] = value
    return chosen(valuesOf(key, path, catalogue), { typed, from: cursor - typed.length - quote.length, to: cursor })
  }
  const item = /^\s*- ([\w-]*)$/.exec(before)
  const key = /^\s*(?:- )?([\w-]*)$/.exec(before)
  if (!key) return undefined
  const typed = item?.[1] ?? key[1] ?? ''
  const place = { typed, from: cursor - typed.length, to: cursor }
  const lastTwo = path.slice(-2).join('.')
  const items = item ? (ROLE_VALUES[lastTwo] ?? []) : []
  if (items.length > 0) return chosen(items.map(plain), place)
  return chosen(
    (ROLE_KEYS[path.join('.')] ?? []).map((name) => ({ label: name, insert: `${name}:` })),
    place,
  )
}

interface Option {
  readonly label: string
  readonly insert: string
}

const plain = (value: string): Option => ({ label: value, insert: value })

function valuesOf(key: string, path: readonly string[], { accounts, permissionSets }: Catalogue): readonly Option[] {
  const at = path.at(-1)
  if (at === 'account_assignments' && key === 'account')
    // Digits alone would be read as a number.
    return accounts.map(({ value, label }) => ({ label, insert: `"${value}"` }))
  if (at === 'account_assignments' && key === 'permission_set')
    return permissionSets.map(({ value, label }) => ({ label, insert: value }))
  return (ROLE_VALUES[path.length === 0 ? key : `${at}.${key}`] ?? []).map(plain)
}

function chosen(
  options: readonly Option[],
  { typed, ...place }: { readonly typed: string; readonly from: number; readonly to: number },
): Completion | undefined {
  const wanted = typed.trim().toLowerCase()
  const holds = ({ label, insert }: Option): boolean =>
    label.toLowerCase().includes(wanted) || insert.toLowerCase().includes(wanted)
  const isWhole = options.some(({ label, insert }) => typed === label || typed === insert || `"${typed}"` === insert)
  const found = isWhole || options.length === 0 ? [] : options.filter(holds)
  const first = (option: Option): number => (option.label.toLowerCase().startsWith(wanted) ? 0 : 1)
  const sorted = found.toSorted((a, b) => first(a) - first(b)).slice(0, MOST)
  return sorted.length === 0 ? undefined : { ...place, options: sorted }
}

/** The keys that a line stands under, by how far lines are indented; the dash of an item counts as its indent. */
function pathAt(text: string, start: number): readonly string[] {
  const lineEnd = text.indexOf('\n', start)
  const line = text.slice(start, lineEnd < 0 ? undefined : lineEnd)
  const above = text.slice(0, start).split('\n')
  let indent = /^\s*- /.test(line) ? indentOf(line) + 1 : indentOf(line)
  const path: string[] = []
  for (const one of above.toReversed()) {
    const key = /^(\s*(?:- )?)([\w-]+):\s*(?:#.*)?$/.exec(one)
    const isItem = /^\s*- /.test(one)
    if (one.trim() === '') continue
    const isAbove = key !== null && (key[1] ?? '').length < indent
    if (isAbove) path.unshift(key[2] ?? '')
    if (isAbove || (isItem && indentOf(one) < indent)) indent = Math.min(indent, indentOf(one) + (isItem ? 1 : 0))
  }
  return path
}

const indentOf = (line: string): number => line.length - line.trimStart().length
