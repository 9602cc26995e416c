/** A permission set on an account, or an application, that is to be asked for. */
export interface CartRow {
  readonly resourceId: string
  /** What it is called where it was ticked. */
  readonly title: string
}

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
}

export const EMPTY_CART: CartDraft = { rows: [], text: { reason: '', lasts: '', begins: '', reviewers: '' } }

export function parseCart(kept: unknown): CartDraft | undefined {
  if (typeof kept !== 'object' || kept === null || !('rows' in kept) || !('text' in kept)) return undefined
  if (!Array.isArray(kept.rows) || typeof kept.text !== 'object' || kept.text === null) return undefined
  const text = Object.entries(kept.text).filter(([, value]) => typeof value === 'string')
  return { rows: kept.rows.filter(isRow), text: { ...EMPTY_CART.text, ...Object.fromEntries(text) } }
}

const isRow = (row: unknown): row is CartRow =>
  typeof row === 'object' &&
  row !== null &&
  'resourceId' in row &&
  typeof row.resourceId === 'string' &&
  'title' in row &&
  typeof row.title === 'string'
