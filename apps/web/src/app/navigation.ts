import { IconHome, IconKey, IconMessageQuestion, type TablerIcon } from '@tabler/icons-react'

export interface Place {
  readonly to: '/' | '/resources' | '/requests'
  readonly label: string
  readonly icon: TablerIcon
}

export const NAVIGATION: readonly { readonly group: string; readonly places: readonly Place[] }[] = [
  { group: '', places: [{ to: '/', label: 'Home', icon: IconHome }] },
  {
    group: 'Access',
    places: [
      { to: '/resources', label: 'Resources', icon: IconKey },
      { to: '/requests', label: 'Requests', icon: IconMessageQuestion },
    ],
  },
]
