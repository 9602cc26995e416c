import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight } from '@mantine/spotlight'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useLayoutEffect, useState } from 'react'
import { organizationsQuery } from '../features/organizations/organizations-query.ts'
import { resourcesQuery } from '../features/resources/resources-query.ts'
import { client } from './client.ts'
import { keepLit } from './keep-lit.ts'
import { navigationFor } from './navigation.ts'
import { paletteStore } from './palette-store.ts'
import { useMay, useSession } from './session.ts'

/** Pages, what can be made, lists, people and accounts, by what one types. */
export function Palette() {
  const [typed, setTyped] = useState('')
  const [isOpen, setOpen] = useState(false)
  const [search] = useDebouncedValue(typed.trim(), 200)
  useLayoutEffect(keepLit)
  return (
    <Spotlight
      store={paletteStore}
      shortcut={['mod + K', '/']}
      actions={[
        { group: 'Pages', actions: usePages() },
        { group: 'Actions', actions: useActions() },
        { group: 'Access lists', actions: useLists(search) },
        { group: 'People', actions: usePeople(search) },
        { group: 'AWS accounts', actions: useAccounts(isOpen) },
        { group: 'Who has access', actions: useOrganizationAccounts(search) },
      ]}
      nothingFound="Nothing is called so."
      highlightQuery
      limit={SHOWN}
      onQueryChange={setTyped}
      onSpotlightOpen={() => setOpen(true)}
      onSpotlightClose={() => setOpen(false)}
      attributes={{ content: { 'aria-label': 'Search or jump to' } }}
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

const add = { add: true } as const
/** Those that make something of a kind are for whoever may. */
const ACTIONS = [
  { label: 'Request access', creates: undefined, where: { to: '/resources' } },
  { label: 'Create access list', creates: 'access_list', where: { to: '/access-lists/new' } },
  { label: 'Create New Role', creates: 'role', where: { to: '/roles/new' } },
  { label: 'Create user', creates: 'user', where: { to: '/users', search: add } },
  { label: 'Create lock', creates: 'lock', where: { to: '/locks', search: add } },
  {
    label: 'Add service provider',
    creates: 'saml_idp_service_provider',
    where: { to: '/service-providers', search: add },
  },
  { label: 'Add new integration', creates: 'plugin', where: { to: '/organizations', search: add } },
  { label: 'Account: password, sessions, colours, dates', creates: undefined, where: { to: '/account' } },
] as const

function useActions() {
  const navigate = useNavigate()
  const rights = useSession()?.rights
  return ACTIONS.filter(({ creates }) => creates === undefined || rights?.[creates]?.includes('create')).map(
    ({ label, where }) => ({ id: label, label, onClick: () => void navigate(where) }),
  )
}

const FOUND = 5
/** Room for lists, people and accounts beside the pages and actions that fit. */
const SHOWN = 24
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

/** Every account that is governed, for who may look up who has access to it. */
function useOrganizationAccounts(search: string) {
  const navigate = useNavigate()
  const mayRead = useMay('read', 'aws_identity_center') && search.length >= SHORTEST
  const { data } = useQuery({ ...organizationsQuery, enabled: mayRead })
  const found = useQueries({
    queries: (mayRead ? (data?.items ?? []) : []).map(({ name }) => ({
      queryKey: ['palette', 'accounts', name, search],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        client.listOrganizationAccounts({ params: { name }, query: { limit: FOUND, search, inside: true } }, signal),
      staleTime: 60_000,
    })),
    combine: (results) => results.flatMap((one) => one.data?.items ?? []),
  })
  return found.slice(0, FOUND).map(({ id, name }) => ({
    id: `who-can ${id}`,
    label: `Who has access to ${name}`,
    description: id,
    keywords: [search],
    onClick: () => void navigate({ to: '/explorer', search: { tab: 'who-can', account: id } }),
  }))
}
