import type { AccessPathView } from '@gatehouse/api'
import { Link } from '@tanstack/react-router'
import { useMay, useSession } from '../../app/session.ts'
import { Name } from '../../components/name.tsx'
import { type AccessNode, layOutAccess, ROW } from './lay-out-access.ts'
import { useElementSize } from '@mantine/hooks'

/** As wide as there is room, within these: names are cut where there is not enough, and lines stay short where there is much. */
const COLUMN = { least: 250, most: 420 } as const
const GAP = 35
const HEIGHT = ROW - 8
const MARGIN = 8

/** Person → lists, roles and requests → accounts and permission sets, from left to right. */
export function AccessGraph({ user, paths }: { readonly user: string; readonly paths: readonly AccessPathView[] }) {
  const { nodes, edges, depth, height } = layOutAccess(user, paths)
  const { ref, width: room } = useElementSize<HTMLElement>()
  const column = Math.min(COLUMN.most, Math.max(COLUMN.least, Math.floor((room + GAP - 2 * MARGIN) / (depth + 1))))
  const node = column - GAP
  const width = depth * column + node
  const left = (at: AccessNode): number => at.column * column + MARGIN
  const top = ({ y }: AccessNode): number => y + MARGIN
  const curve = (from: AccessNode, to: AccessNode): string => {
    const [x1, y1] = [left(from) + node, top(from) + HEIGHT / 2]
    const [x2, y2] = [left(to), top(to) + HEIGHT / 2]
    const middle = (x1 + x2) / 2
    return `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`
  }
  return (
    <section ref={ref} className="table-frame" aria-label={`How ${user} comes to the access`} tabIndex={0}>
      <div style={{ position: 'relative', width: width + 2 * MARGIN, height: height + 2 * MARGIN }}>
        <svg width={width + 2 * MARGIN} height={height + 2 * MARGIN} aria-hidden className="edges">
          {edges.map(({ from, to }) => (
            <path key={`${from.column} ${from.id} ${to.id}`} d={curve(from, to)} />
          ))}
          {nodes
            .filter((one) => !isShown(one))
            .map((one) => (
              <path key={`${one.column} ${one.id}`} d={`M${left(one)} ${top(one) + HEIGHT / 2}h${node}`} />
            ))}
        </svg>
        {nodes.filter(isShown).map((one) => (
          <div key={one.id} className="node" style={{ left: left(one), top: top(one), width: node, height: HEIGHT }}>
            <Content node={one} user={user} />
          </div>
        ))}
      </div>
    </section>
  )
}

const isShown = ({ kind }: AccessNode): boolean => kind !== 'pass'

/** Leads to what the node stands for, where the viewer may see it. */
function Content({ node, user }: { readonly node: AccessNode; readonly user: string }) {
  const { kind, label, detail, request, account, list } = node
  const isOneself = useSession()?.user.name === user
  const [mayUsers, mayRoles] = [useMay('read', 'user'), useMay('read', 'role')]
  const mayLists = useMay('read', 'access_list') || isOneself
  if (request !== undefined)
    return (
      <Link to="/requests/$id" params={{ id: request }} title={label}>
        {label}
      </Link>
    )
  if (account !== undefined)
    return (
      <Link to="/explorer" search={{ tab: 'who-can', account }} title={`${label} ${account} ${detail}`}>
        <Name text={label} />{' '}
        <small>
          <Name text={detail} />
        </small>
      </Link>
    )
  const words = (
    <>
      <small>{kind}</small> <Name text={label} />
    </>
  )
  if (kind === 'person' && mayUsers)
    return (
      <Link to="/users/$name" params={{ name: user }} title={label}>
        {words}
      </Link>
    )
  if (kind === 'role' && mayRoles)
    return (
      <Link to="/roles/$name" params={{ name: label }} title={label}>
        {words}
      </Link>
    )
  if (list !== undefined && mayLists)
    return (
      <Link to="/access-lists/$id" params={{ id: list }} title={label}>
        {words}
      </Link>
    )
  return <span title={label}>{words}</span>
}
