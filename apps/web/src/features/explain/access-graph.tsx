import type { AccessPathView } from '@gatehouse/api'
import { Link } from '@tanstack/react-router'
import { useMay, useSession } from '../../app/session.ts'
import { Name } from '../../components/name.tsx'
import { type AccessNode, layOutAccess, ROW } from './lay-out-access.ts'

const COLUMN = 250
const NODE = { width: 215, height: ROW - 8 } as const

/** Person → lists, roles and requests → accounts and permission sets, from left to right. */
export function AccessGraph({ user, paths }: { readonly user: string; readonly paths: readonly AccessPathView[] }) {
  const { nodes, edges, depth, height } = layOutAccess(user, paths)
  const width = depth * COLUMN + NODE.width
  return (
    <section className="table-frame" aria-label={`How ${user} comes to the access`} tabIndex={0}>
      <div style={{ position: 'relative', width: width + 24, height: height + 16 }}>
        <svg width={width + 24} height={height + 16} aria-hidden className="edges">
          {edges.map(({ from, to }) => (
            <path key={`${from.id} ${to.id}`} d={curve(from, to)} />
          ))}
        </svg>
        {nodes.map((node) => (
          <div
            key={node.id}
            className="node"
            style={{ left: left(node), top: top(node), width: NODE.width, height: NODE.height }}
          >
            <Content node={node} user={user} />
          </div>
        ))}
      </div>
    </section>
  )
}

const left = ({ column }: AccessNode): number => column * COLUMN + 8
const top = ({ y }: AccessNode): number => y + 8

function curve(from: AccessNode, to: AccessNode): string {
  const [x1, y1] = [left(from) + NODE.width, top(from) + NODE.height / 2]
  const [x2, y2] = [left(to), top(to) + NODE.height / 2]
  const middle = (x1 + x2) / 2
  return `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`
}

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
