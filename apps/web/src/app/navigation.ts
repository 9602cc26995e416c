import type { Session } from '@gatehouse/api'
import { IconHome, IconKey, IconMessageQuestion, type TablerIcon } from '@tabler/icons-react'

export interface Place {
  readonly to: '/' | '/resources' | '/requests'
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
]

/** What this person has use for; empty groups are left out. */
export const navigationFor = (session: Session | undefined): readonly PlaceGroup[] =>
  NAVIGATION.map(({ group, places }) => ({
    group,
    places: places.filter(({ needs }) => !needs || session?.rights[needs.kind]?.includes(needs.verb)),
  })).filter(({ places }) => places.length > 0)
