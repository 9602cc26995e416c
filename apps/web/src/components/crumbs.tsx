import { Box } from '@mantine/core'
import { useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { placeOf } from '../app/navigation.ts'
import { PageLink } from './link.tsx'

/**
 * Where a page belongs, and the way back there; nothing on the pages that the navigation names itself. In the top bar, or
 * above the page where that has no room.
 */
export function Crumbs(shown: { readonly hiddenFrom: 'sm' } | { readonly visibleFrom: 'sm' }) {
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const place = placeOf(path)
  if (!place || path === place.to) return null
  const above = pageAbove(path)
  return (
    <Box component="nav" aria-label="Breadcrumb" miw={0} {...shown}>
      <ol className="crumbs">
        <li>
          <PageLink to={place.to} inherit>
            {place.label}
          </PageLink>
        </li>
        {above !== undefined && <li>{above}</li>}
      </ol>
    </Box>
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
