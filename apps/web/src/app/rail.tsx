import { Badge, NavLink, Text } from '@mantine/core'
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
          {group !== '' && (
            <Text size="xs" c="dimmed" fw={600} px="sm" pt="md" pb={4} className="rail-heading">
              {group}
            </Text>
          )}
          {places.map((place) => (
            <PlaceLink key={place.to} place={place} isNarrow={isNarrow} onFollow={onFollow} />
          ))}
        </div>
      ))}
      <NavLink
        component="button"
        visibleFrom="sm"
        mt="auto"
        label={isNarrow ? 'Show names' : 'Icons only'}
        title={isNarrow ? 'Show names' : undefined}
        leftSection={
          isNarrow ? (
            <IconLayoutSidebarLeftExpand size={17} aria-hidden />
          ) : (
            <IconLayoutSidebarLeftCollapse size={17} aria-hidden />
          )
        }
        onClick={() => onNarrow(!isNarrow)}
      />
    </>
  )
}

function PlaceLink({
  place,
  isNarrow,
  onFollow,
}: { readonly place: Place } & Pick<RailProps, 'isNarrow' | 'onFollow'>) {
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const isActive = placeOf(path) === place
  return (
    <NavLink
      renderRoot={(props) => <Link to={place.to} {...props} />}
      label={place.label}
      title={isNarrow ? place.label : undefined}
      leftSection={<place.icon size={17} aria-hidden />}
      rightSection={COUNTED[place.to]}
      active={isActive}
      aria-current={isActive ? 'page' : undefined}
      onClick={onFollow}
    />
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
