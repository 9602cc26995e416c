import { Spotlight } from '@mantine/spotlight'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { resourcesQuery } from '../features/resources/resources-query.ts'
import { navigationFor } from './navigation.ts'
import { useSession } from './session.ts'

/** Pages and accounts, by what one types. */
export function Palette() {
  const navigate = useNavigate()
  const session = useSession()
  const { data } = useQuery(resourcesQuery)
  const pages = navigationFor(session)
    .flatMap(({ places }) => places)
    .map(({ to, label, icon: Icon }) => ({
      id: to,
      label,
      leftSection: <Icon size={17} aria-hidden />,
      onClick: () => void navigate({ to }),
    }))
  const accounts = (data?.accounts ?? []).map(({ account, accountName }) => ({
    id: account,
    label: accountName,
    description: account,
    onClick: () => void navigate({ to: '/resources', search: { search: account, requestable: true } }),
  }))
  return (
    <Spotlight
      shortcut={['mod + K', '/']}
      actions={[
        { group: 'Pages', actions: pages },
        { group: 'AWS accounts', actions: accounts },
      ]}
      nothingFound="Nothing is called so."
      highlightQuery
      limit={12}
      searchProps={{ placeholder: 'Search or jump to…', 'aria-label': 'Search or jump to' }}
    />
  )
}
