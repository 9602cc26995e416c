import type { Session } from '@gatehouse/api'
import {
  IconApps,
  IconArrowsDiff,
  IconBuilding,
  IconChecklist,
  IconHome,
  IconKey,
  IconListDetails,
  IconListSearch,
  IconLock,
  IconMessageQuestion,
  IconRoute,
  IconSettings,
  IconShieldCheck,
  IconUsers,
  type TablerIcon,
} from '@tabler/icons-react'

export interface Place {
  readonly to:
    | '/'
    | '/resources'
    | '/requests'
    | '/access-lists'
    | '/reviews'
    | '/roles'
    | '/users'
    | '/locks'
    | '/service-providers'
    | '/organizations'
    | '/drift'
    | '/explorer'
    | '/audit'
    | '/account'
  readonly label: string
  readonly icon: TablerIcon
  /** Who lacks this right has nothing to see there. */
  readonly needs?: { readonly verb: string; readonly kind: string }
}

interface PlaceGroup {
  readonly group: string
  readonly places: readonly Place[]
}

const NAVIGATION: readonly PlaceGroup[] = [
  { group: '', places: [{ to: '/', label: 'Home', icon: IconHome }] },
  {
    group: 'Access',
    places: [
      { to: '/resources', label: 'Resources', icon: IconKey },
      { to: '/requests', label: 'Requests', icon: IconMessageQuestion },
    ],
  },
  {
    group: 'Govern',
    places: [
      { to: '/access-lists', label: 'Access lists', icon: IconListDetails },
      { to: '/reviews', label: 'Reviews', icon: IconChecklist },
      { to: '/roles', label: 'Roles', icon: IconShieldCheck, needs: { verb: 'list', kind: 'role' } },
      { to: '/users', label: 'Users', icon: IconUsers, needs: { verb: 'list', kind: 'user' } },
      { to: '/locks', label: 'Locks', icon: IconLock, needs: { verb: 'list', kind: 'lock' } },
      {
        to: '/service-providers',
        label: 'Service providers',
        icon: IconApps,
        needs: { verb: 'list', kind: 'saml_idp_service_provider' },
      },
    ],
  },
  {
    group: 'AWS',
    places: [
      {
        to: '/organizations',
        label: 'Organizations',
        icon: IconBuilding,
        needs: { verb: 'read', kind: 'aws_identity_center' },
      },
      {
        to: '/drift',
        label: 'Drift',
        icon: IconArrowsDiff,
        needs: { verb: 'read', kind: 'aws_identity_center' },
      },
      { to: '/explorer', label: 'Explorer', icon: IconRoute },
    ],
  },
  {
    group: 'System',
    places: [
      { to: '/audit', label: 'Audit log', icon: IconListSearch, needs: { verb: 'list', kind: 'event' } },
      { to: '/account', label: 'Settings', icon: IconSettings },
    ],
  },
]

/** What this person has use for; empty groups are left out. */
export const navigationFor = (session: Session | undefined): readonly PlaceGroup[] =>
  NAVIGATION.map(({ group, places }) => ({
    group,
    places: places.filter(({ needs }) => !needs || session?.rights[needs.kind]?.includes(needs.verb)),
  })).filter(({ places }) => places.length > 0)

/** Where in the navigation a page belongs. */
export const placeOf = (path: string): Place | undefined =>
  NAVIGATION.flatMap(({ places }) => places).find(({ to }) => path === to || (to !== '/' && path.startsWith(`${to}/`)))
