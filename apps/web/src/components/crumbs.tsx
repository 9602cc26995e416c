import { useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { placeOf } from '../app/navigation.ts'
import { PageLink } from './link.tsx'

/** Where a page belongs, and the way back there; nothing on the pages that the navigation names itself. */
export function Crumbs() {
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const place = placeOf(path)
  if (!place || path === place.to) return null
  const above = pageAbove(path)
  return (
    <nav aria-label="Breadcrumb">
      <ol className="crumbs">
        <li>
          <PageLink to={place.to} inherit>
            {place.label}
          </PageLink>
        </li>
        {above !== undefined && <li>{above}</li>}
      </ol>
    </nav>
  )
}

/** The page of what is edited or removed. */
function pageAbove(path: string): ReactNode {
  const [, kind, segment = '', what] = path.split('/')
  const name = decodeURIComponent(segment)
  if (kind === 'access-lists' && what === 'edit')
    return (
      <PageLink to="/access-lists/$id" params={{ id: name }} inherit>
        The list
      </PageLink>
    )
  if (kind === 'roles' && what === 'edit')
    return (
      <PageLink to="/roles/$name" params={{ name }} inherit>
        {name}
      </PageLink>
    )
  if (kind === 'organizations' && (what === 'edit' || what === 'removal'))
    return (
      <PageLink to="/organizations/$name" params={{ name }} inherit>
        {name}
      </PageLink>
    )
  return undefined
}
