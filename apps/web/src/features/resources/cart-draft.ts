/** Something that is ticked and is to be asked for. */
export interface CartRow {
  /** What it is told apart by: the resource id, or the kind and the name. */
  readonly resourceId: string
  /** What it is called where it was ticked. */
  readonly title: string
  /** Absent: a permission set on an account, or an application. */
  readonly kind?: 'role' | 'bundle'
}

/** Nothing else begins so: resource ids begin with a slash. */
export const rowOfRole = (name: string): CartRow => ({ resourceId: `role:${name}`, title: name, kind: 'role' })
export const rowOfBundle = (name: string, title: string): CartRow => ({
  resourceId: `bundle:${name}`,
  title,
  kind: 'bundle',
})

export interface Wish {
  readonly roles: string[]
  readonly bundles: string[]
  readonly resources: string[]
}

/** What a request has to name for these rows. */
export function wishOf(rows: readonly CartRow[]): Wish {
  const named = (kind: CartRow['kind']): string[] =>
    rows
      .filter((row) => row.kind === kind)
      .map(({ resourceId }) => (kind === undefined ? resourceId : resourceId.slice(kind.length + 1)))
  return { roles: named('role'), bundles: named('bundle'), resources: named(undefined) }
}

/** Beside account assignments a role says only through which role they are asked for, so it would not be given. */
export const isMixed = ({ roles, bundles, resources }: Wish): boolean =>
  roles.length > 0 && bundles.length + resources.length > 0

/** What is typed beside the rows. */
export interface RequestText {
  readonly reason: string
  readonly lasts: string
  readonly begins: string
  readonly reviewers: string
}

/** A request that is not filed yet, as the browser keeps it. */
export interface CartDraft {
  readonly rows: readonly CartRow[]
  readonly text: RequestText
  /** It asks for membership in place of access that ends. */
  readonly longTerm: boolean
}

export const EMPTY_CART: CartDraft = {
  rows: [],
  text: { reason: '', lasts: '', begins: '', reviewers: '' },
  longTerm: false,
}

export function parseCart(kept: unknown): CartDraft | undefined {
  if (typeof kept !== 'object' || kept === null || !('rows' in kept) || !('text' in kept)) return undefined
  if (!Array.isArray(kept.rows) || typeof kept.text !== 'object' || kept.text === null) return undefined
  const text = Object.entries(kept.text).filter(([, value]) => typeof value === 'string')
  return {
    rows: kept.rows.filter(isRow),
    text: { ...EMPTY_CART.text, ...Object.fromEntries(text) },
    longTerm: 'longTerm' in kept && kept.longTerm === true,
  }
}

const isRow = (row: unknown): row is CartRow =>
  typeof row === 'object' &&
  row !== null &&
  'resourceId' in row &&
  typeof row.resourceId === 'string' &&
  'title' in row &&
  typeof row.title === 'string' &&
  (!('kind' in row) || (row.kind === 'role' ? row.resourceId.startsWith('role:') : row.kind === 'bundle'))
