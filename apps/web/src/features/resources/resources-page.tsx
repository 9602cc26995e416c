import { Alert, Group, Switch, Text, TextInput } from '@mantine/core'
import { IconInfoCircle, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useDeferredValue, useMemo, useState } from 'react'
import { Loaded } from '../../components/loaded.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { ImportingBanner, useImporting } from '../organizations/importing.tsx'
import { AccountList } from './account-list.tsx'
import { Cart, type CartRow } from './cart.tsx'
import { filterAccounts, searchable } from './filter-accounts.ts'
import { type Resources, resourcesQuery } from './resources-query.ts'

const route = getRouteApi('/resources')

export function ResourcesPage() {
  const query = useQuery(resourcesQuery)
  return (
    <Page wide title="Resources">
      <Loaded query={query}>{(resources) => <ResourceView resources={resources} />}</Loaded>
    </Page>
  )
}

function ResourceView({ resources }: { readonly resources: Resources }) {
  const { search = '', requestable = false } = route.useSearch()
  const navigate = route.useNavigate()
  const importing = useImporting()
  const [typed, setTyped] = useState(search)
  const [cart, setCart] = useState<ReadonlyMap<string, CartRow>>(new Map())
  const words = useDeferredValue(typed)
  const index = useMemo(() => searchable(resources.accounts), [resources.accounts])
  const found = useMemo(() => filterAccounts(index, { words, requestable }), [index, words, requestable])
  const change = (next: { search?: string; requestable?: boolean }): void =>
    void navigate({
      replace: true,
      search: {
        search: (next.search ?? typed) || undefined,
        requestable: (next.requestable ?? requestable) || undefined,
      },
    })
  const toggle = (row: CartRow): void => {
    const next = new Map(cart)
    if (!next.delete(row.resourceId)) next.set(row.resourceId, row)
    setCart(next)
  }
  return (
    <>
      {resources.warning !== undefined && (
        <Alert color="yellow" icon={<IconInfoCircle aria-hidden />}>
          {resources.warning}
        </Alert>
      )}
      <ImportingBanner statuses={importing} />
      {!resources.isComplete && importing.length === 0 && (
        <Alert color="blue" icon={<IconInfoCircle aria-hidden />}>
          AWS is being read for the first time: what is missing here may still come.
        </Alert>
      )}
      <Group justify="space-between">
        <TextInput
          aria-label="Search accounts and permission sets"
          placeholder="Account, its id, or permission set"
          leftSection={<IconSearch size={15} aria-hidden />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={() => change({ search: typed })}
          w={{ base: '100%', xs: 320 }}
        />
        <Switch
          label="Show requestable resources"
          checked={requestable}
          onChange={(event) => change({ requestable: event.currentTarget.checked })}
        />
      </Group>
      <Text size="sm" c="dimmed" role="status">
        {found.length === 1 ? '1 account' : `${found.length} accounts`}
      </Text>
      {found.length === 0 ? (
        <Empty>
          {!resources.isComplete || importing.length > 0
            ? 'AWS is being read for the first time. What you have, and what you may ask for, shows up here then.'
            : requestable
              ? 'Nothing fits, or there is nothing that you may ask for.'
              : 'You have no access to an AWS account now. Switch on "Show requestable resources" to see what you may ask for.'}
        </Empty>
      ) : (
        <div aria-busy={words !== typed}>
          <AccountList accounts={found} prefix={resources.resourcePrefix} cart={cart} onToggle={toggle} />
        </div>
      )}
      <Cart cart={cart} onToggle={toggle} onDone={() => setCart(new Map())} />
    </>
  )
}
