import type { AccessPathView } from '@gatehouse/api'

/** Height of a row, in pixels. */
export const ROW = 40

export interface AccessNode {
  readonly id: string
  /** `pass` holds a place for a line that leads past a column: nothing else stands there. */
  readonly kind: 'person' | 'list' | 'role' | 'request' | 'adopted' | 'access' | 'pass'
  readonly label: string
  readonly detail: string
  /** 0 is the person; what he gets into is the last. */
  readonly column: number
  readonly y: number
  /** Where a click leads. */
  readonly request?: string
  readonly account?: string
  /** Its id: lists are shown by their titles. */
  readonly list?: string
}

export interface AccessLayout {
  readonly nodes: readonly AccessNode[]
  readonly edges: readonly { readonly from: AccessNode; readonly to: AccessNode }[]
  /** The number of the last column. */
  readonly depth: number
  readonly height: number
}

type Draft = Omit<AccessNode, 'column' | 'y'>

/** Columns from left to right; in each, every node once, in the order in which the paths name it. */
export function layOutAccess(user: string, paths: readonly AccessPathView[]): AccessLayout {
  const person: Draft = { id: 'person', kind: 'person', label: user, detail: '' }
  const chains = paths.map((path) => [person, ...stepsOf(path), accessOf(path)])
  const depth = Math.max(...chains.map((chain) => chain.length - 1), 1)
  const columns: Map<string, AccessNode>[] = Array.from({ length: depth + 1 }, () => new Map())
  const edges = new Map<string, { readonly from: AccessNode; readonly to: AccessNode }>()
  for (const chain of chains) {
    let before: AccessNode | undefined
    for (const [column, draft] of asLongAs(depth, chain).entries()) {
      const known = columns[column]
      if (!known) continue
      const node = known.get(draft.id) ?? { ...draft, column, y: known.size * ROW }
      known.set(draft.id, node)
      if (before) edges.set(`${before.column} ${before.id} ${node.id}`, { from: before, to: node })
      before = node
    }
  }
  return {
    nodes: columns.flatMap((column) => [...column.values()]),
    edges: [...edges.values()],
    depth,
    height: Math.max(...columns.map(({ size }) => size)) * ROW,
  }
}

/** What somebody gets into stands at the right edge, however short the way. */
function asLongAs(depth: number, chain: readonly Draft[]): readonly Draft[] {
  const [steps, end] = [chain.slice(0, -1), chain.at(-1)]
  const last = steps.at(-1)
  if (!end || !last) return chain
  const passes = Array.from({ length: depth - steps.length }, (): Draft => ({
    id: `pass ${last.id} ${end.id}`,
    kind: 'pass',
    label: '',
    detail: '',
  }))
  return [...steps, ...passes, end]
}

function stepsOf({ kind, role, request, lists, keptBy }: AccessPathView): readonly Draft[] {
  const asRole: readonly Draft[] =
    role === undefined ? [] : [{ id: `role ${role}`, kind: 'role', label: role, detail: '' }]
  if (kind === 'request' && request !== undefined)
    return [{ id: `request ${request}`, kind: 'request', label: 'approved request', detail: '', request }, ...asRole]
  if (kind === 'list')
    return [
      ...(lists ?? []).map(({ name, title }): Draft => ({
        id: `list ${name}`,
        kind: 'list',
        label: title,
        detail: '',
        list: name,
      })),
      ...asRole,
    ]
  if (kind === 'adopted')
    return [
      {
        id: `adopted ${keptBy ?? ''}`,
        kind: 'adopted',
        label: 'found in AWS',
        detail: keptBy === undefined ? '' : `kept by ${keptBy}`,
      },
    ]
  return asRole
}

const accessOf = ({ account, accountName, permissionSet, permissionSetName }: AccessPathView): Draft => ({
  id: `access ${account} ${permissionSet}`,
  kind: 'access',
  label: accountName,
  detail: permissionSetName,
  account,
})
