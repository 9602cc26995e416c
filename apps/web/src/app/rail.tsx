import { Badge } from '@mantine/core'
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react'
import type { TaskView } from '@gatehouse/api'
import { useQueries, useQuery } from '@tanstack/react-query'
import { Link, useRouterState } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { tasksQuery } from '../features/home/tasks-query.ts'
import { organizationsQuery, statusQuery } from '../features/organizations/organizations-query.ts'
import { navigationFor, type Place, placeOf } from './navigation.ts'
import { useMay, useSession } from './session.ts'

const KEPT_AS = 'gatehouse.rail'

/** Whether only icons are shown, as this browser remembers it. */
export function useNarrowRail(): readonly [isNarrow: boolean, setNarrow: (isNarrow: boolean) => void] {
  const [isNarrow, setNarrow] = useState(() => {
    try {
      return localStorage.getItem(KEPT_AS) === 'narrow'
    } catch {
      return false
    }
  })
  const keep = (next: boolean): void => {
    setNarrow(next)
    try {
      localStorage.setItem(KEPT_AS, next ? 'narrow' : 'wide')
    } catch {
      // A browser that keeps nothing begins wide again.
    }
  }
  return [isNarrow, keep]
}

interface RailProps {
  /** Icons only, where there is a rail and not a drawer. */
  readonly isNarrow: boolean
  readonly onNarrow: (isNarrow: boolean) => void
  readonly onFollow: () => void
}

/** Where one can go, by what it is about. */
export function Rail({ isNarrow, onNarrow, onFollow }: RailProps) {
  const session = useSession()
  return (
    <>
      {navigationFor(session).map(({ group, places }) => (
        <div key={group} className="rail-group">
          {group !== '' && <p className="rail-heading">{group}</p>}
          {places.map((place) => (
            <PlaceLink key={place.to} place={place} isNarrow={isNarrow} onFollow={onFollow} />
          ))}
        </div>
      ))}
      <button
        type="button"
        className="place rail-width"
        title={isNarrow ? 'Show names' : undefined}
        onClick={() => onNarrow(!isNarrow)}
      >
        {isNarrow ? (
          <IconLayoutSidebarLeftExpand size={17} aria-hidden />
        ) : (
          <IconLayoutSidebarLeftCollapse size={17} aria-hidden />
        )}
        <span className="place-name">{isNarrow ? 'Show names' : 'Icons only'}</span>
      </button>
    </>
  )
}

/** Drawn before anything else of a page: of elements as they are, which take a fraction of the time of the kit's. */
function PlaceLink({
  place,
  isNarrow,
  onFollow,
}: { readonly place: Place } & Pick<RailProps, 'isNarrow' | 'onFollow'>) {
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const isActive = placeOf(path) === place
  return (
    <Link
      to={place.to}
      className="place"
      title={isNarrow ? place.label : undefined}
      aria-current={isActive ? 'page' : undefined}
      onClick={onFollow}
    >
      <place.icon size={17} aria-hidden />
      <span className="place-name">{place.label}</span>
      {COUNTED[place.to]}
    </Link>
  )
}

/** Only where something waits for this viewer: all of it, or what is about requests or lists. */
function Waiting({ about }: { readonly about?: TaskView['subject']['kind'] }) {
  const { data } = useQuery(tasksQuery)
  const count = (data?.items ?? []).filter(({ subject }) => about === undefined || subject.kind === about).length
  return <Count count={count} isMore={data?.next !== undefined} />
}

/** Changes made in AWS beside Gatehouse, for whoever may decide what becomes of them. */
function Drifted() {
  return useMay('update', 'aws_identity_center') ? <Undecided /> : null
}

function Undecided() {
  const names = useQuery(organizationsQuery).data?.items.map(({ name }) => name) ?? []
  const count = useQueries({
    queries: names.map(statusQuery),
    combine: (results) => results.reduce((sum, { data }) => sum + (data?.totals.drift ?? 0), 0),
  })
  return <Count count={count} />
}

function Count({ count, isMore = false }: { readonly count: number; readonly isMore?: boolean }) {
  if (count === 0) return null
  return (
    <Badge size="sm" color="yellow" aria-label={`${count} waiting for you`}>
      {isMore ? `${count}+` : count}
    </Badge>
  )
}

const COUNTED: Partial<Record<Place['to'], ReactNode>> = {
  '/': <Waiting />,
  '/requests': <Waiting about="access_request" />,
  '/reviews': <Waiting about="access_list" />,
  '/drift': <Drifted />,
}
