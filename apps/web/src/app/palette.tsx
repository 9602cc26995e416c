import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight } from '@mantine/spotlight'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { resourcesQuery } from '../features/resources/resources-query.ts'
import { client } from './client.ts'
import { navigationFor } from './navigation.ts'
import { useMay, useSession } from './session.ts'

/** Pages, what can be made, lists, people and accounts, by what one types. */
export function Palette() {
  const [typed, setTyped] = useState('')
  const [isOpen, setOpen] = useState(false)
  const [search] = useDebouncedValue(typed.trim(), 200)
  return (
    <Spotlight
      shortcut={['mod + K', '/']}
      actions={[
        { group: 'Pages', actions: usePages() },
        { group: 'Actions', actions: useActions() },
        { group: 'Access lists', actions: useLists(search) },
        { group: 'People', actions: usePeople(search) },
        { group: 'AWS accounts', actions: useAccounts(isOpen) },
      ]}
      nothingFound="Nothing is called so."
      highlightQuery
      limit={12}
      onQueryChange={setTyped}
      onSpotlightOpen={() => setOpen(true)}
      onSpotlightClose={() => setOpen(false)}
      searchProps={{ placeholder: 'Search or jump to…', 'aria-label': 'Search or jump to' }}
    />
  )
}

function usePages() {
  const navigate = useNavigate()
  return navigationFor(useSession())
    .flatMap(({ places }) => places)
    .map(({ to, label, icon: Icon }) => ({
      id: to,
      label,
      leftSection: <Icon size={17} aria-hidden />,
      onClick: () => void navigate({ to }),
    }))
}

function useActions() {
  const navigate = useNavigate()
  const [mayMakeLists, mayMakeRoles] = [useMay('create', 'access_list'), useMay('create', 'role')]
  return [
    { id: 'request', label: 'Request access', to: '/resources', isOffered: true },
    { id: 'new-list', label: 'Create access list', to: '/access-lists/new', isOffered: mayMakeLists },
    { id: 'new-role', label: 'Create role', to: '/roles/new', isOffered: mayMakeRoles },
    { id: 'account', label: 'Account: password, sessions, colours, dates', to: '/account', isOffered: true },
  ]
    .filter(({ isOffered }) => isOffered)
    .map(({ id, label, to }) => ({ id, label, onClick: () => void navigate({ to }) }))
}

const FOUND = 6
/** One letter fits nearly everything. */
const SHORTEST = 2

function useLists(search: string) {
  const navigate = useNavigate()
  const { data } = useQuery({
    queryKey: ['palette', 'lists', search],
    queryFn: ({ signal }) => client.listAccessLists({ query: { limit: FOUND, search } }, signal),
    enabled: search.length >= SHORTEST,
  })
  return (data?.items ?? []).map(({ id, title, description }) => ({
    id: `list ${id}`,
    label: title,
    description,
    // What the server found by its id or description is not left out again.
    keywords: [search],
    onClick: () => void navigate({ to: '/access-lists/$id', params: { id } }),
  }))
}

function usePeople(search: string) {
  const navigate = useNavigate()
  const mayList = useMay('list', 'user')
  const { data } = useQuery({
    queryKey: ['palette', 'people', search],
    queryFn: ({ signal }) => client.listUsers({ query: { limit: FOUND, search } }, signal),
    enabled: mayList && search.length >= SHORTEST,
  })
  return (data?.items ?? []).map(({ id, name }) => ({
    id: `user ${id}`,
    label: name,
    onClick: () => void navigate({ to: '/users/$name', params: { name } }),
  }))
}

/** There may be thousands: they are read once somebody looks. */
function useAccounts(isOpen: boolean) {
  const navigate = useNavigate()
  const { data } = useQuery({ ...resourcesQuery, enabled: isOpen })
  return (data?.accounts ?? []).map(({ account, accountName }) => ({
    id: account,
    label: accountName,
    description: account,
    onClick: () => void navigate({ to: '/resources', search: { search: account, requestable: true } }),
  }))
}
