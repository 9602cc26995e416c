import { Alert, Group, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useDeferredValue, useMemo, useState } from 'react'
import { type Filter, FilterChips } from '../../components/filter-chips.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { CardsSkeleton } from '../../components/skeleton.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { useDraft } from '../../components/use-draft.ts'
import { ImportingBanner, useImporting } from '../organizations/importing.tsx'
import { AccountList } from './account-list.tsx'
import { applicationsQuery } from './applications-query.ts'
import { Applications } from './applications.tsx'
import { Cart } from './cart.tsx'
import { type CartRow, EMPTY_CART, parseCart } from './cart-draft.ts'
import { filterAccounts, searchable } from './filter-accounts.ts'
import { useRemembered } from './remembered.ts'
import { ResourceFilters, type ResourceSearch } from './resource-filters.tsx'
import { type Resources, resourcesQuery } from './resources-query.ts'

const route = getRouteApi('/resources')
/** Nobody needs it before he looks for what to ask for. */
const RolesAndBundles = lazy(async () => ({ default: (await import('./roles-and-bundles.tsx')).RolesAndBundles }))

export function ResourcesPage() {
  const query = useQuery(resourcesQuery)
  return (
    <Page wide title="Resources">
      <Loaded query={query} like={<CardsSkeleton />}>
        {(resources) => <ResourceView resources={resources} />}
      </Loaded>
    </Page>
  )
}

function ResourceView({ resources }: { readonly resources: Resources }) {
  const asked = route.useSearch()
  const { search = '', requestable = false, show, tag, unit, organization } = asked
  const navigate = route.useNavigate()
  const importing = useImporting()
  const remembered = useRemembered()
  const { favourites, recent } = remembered
  const [typed, setTyped] = useState(search)
  const [addressed, setAddressed] = useState(search)
  // The palette, a link or going back may say another search than what was typed.
  if (addressed !== search) {
    setAddressed(search)
    setTyped(search)
  }
  const { value: inCart, set: keepCart, clear: emptyCart } = useDraft('cart', EMPTY_CART, parseCart)
  const cart = useMemo(() => new Map(inCart.rows.map((row) => [row.resourceId, row])), [inCart.rows])
  const words = useDeferredValue(typed)
  const index = useMemo(() => searchable(resources.accounts), [resources.accounts])
  const only = useMemo(
    () => (show === undefined ? undefined : new Set(show === 'recent' ? recent : favourites)),
    [show, recent, favourites],
  )
  const found = useMemo(
    () => filterAccounts(index, { words, requestable, tag, unit, organization, only }),
    [index, words, requestable, tag, unit, organization, only],
  )
  const { denials, isSaid } = useDenials(resources.warning)
  const isOfSeveral = useMemo(
    () => new Set(resources.accounts.map((account) => account.organization)).size > 1,
    [resources.accounts],
  )
  const change = (next: ResourceSearch): void =>
    void navigate({
      // What is typed is no step of its own; what is chosen is.
      replace: Object.keys(next).every((part) => part === 'search'),
      search: { ...asked, search: typed || undefined, ...next },
    })
  const toggle = useCallback(
    (row: CartRow): void => {
      const next = new Map(cart)
      if (!next.delete(row.resourceId)) next.set(row.resourceId, row)
      keepCart({ ...inCart, rows: [...next.values()] })
    },
    [cart, inCart, keepCart],
  )
  return (
    <>
      {resources.warning !== undefined && !isSaid && (
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
      <Applications
        words={words}
        requestable={requestable}
        cart={cart}
        onToggle={toggle}
        onShowRequestable={() => change({ requestable: true })}
      />
      <ResourceFilters accounts={resources.accounts} value={asked} typed={typed} onType={setTyped} onChange={change} />
      {requestable && (
        <Suspense fallback={null}>
          <RolesAndBundles words={words} cart={cart} onToggle={toggle} />
        </Suspense>
      )}
      <Group gap={6} className="above-table">
        <Text size="sm" c="dimmed" role="status">
          {found.length === 1 ? '1 account' : `${found.length} accounts`}
        </Text>
        <FilterChips filters={filtersIn(asked, change)} onClear={() => change(NO_FILTER)} />
      </Group>
      {found.length === 0 ? (
        <Empty>
          {whyEmpty({ show, requestable, remembered, isReading: !resources.isComplete || importing.length > 0 })}
        </Empty>
      ) : (
        <div aria-busy={words !== typed}>
          <AccountList
            accounts={found}
            isOfSeveral={isOfSeveral}
            denials={denials}
            prefix={resources.resourcePrefix}
            cart={cart}
            onToggle={toggle}
            remembered={remembered}
          />
        </div>
      )}
      <Cart
        isOpen={asked.cart ?? false}
        // Going back shuts what was opened; what was shut is not opened again by it.
        onOpen={(isOpen) => void navigate({ replace: !isOpen, search: { ...asked, cart: isOpen || undefined } })}
        draft={inCart}
        onToggle={toggle}
        onChange={keepCart}
        onDone={emptyCart}
      />
    </>
  )
}

const NO_FILTER: ResourceSearch = {
  search: undefined,
  show: undefined,
  organization: undefined,
  unit: undefined,
  tag: undefined,
}

/** Those of the address; what is typed and not looked for yet stands in its field. */
const filtersIn = (
  { search, show, organization, unit, tag }: ResourceSearch,
  change: (next: ResourceSearch) => void,
): readonly Filter[] => [
  { what: 'name, id or permission set holds', value: search, remove: () => change({ search: undefined }) },
  { what: 'it is among', value: show && `your ${show}`, remove: () => change({ show: undefined }) },
  { what: 'organization is', value: organization, remove: () => change({ organization: undefined }) },
  { what: 'organizational unit is', value: unit, remove: () => change({ unit: undefined }) },
  { what: 'tag is', value: tag, remove: () => change({ tag: undefined }) },
]

/** Why signing in to an organization would be refused, and whether a tile says what the page would warn of, or may yet. */
function useDenials(warning: string | undefined): {
  readonly denials: ReadonlyMap<string, string>
  readonly isSaid: boolean
} {
  const { data, isPending } = useQuery(applicationsQuery)
  return useMemo(() => {
    const denied = (data?.items ?? []).flatMap(({ kind, name, access, denial }) =>
      kind === 'identity-center' && access === 'granted' && denial ? [[name, denial.message] as const] : [],
    )
    return { denials: new Map(denied), isSaid: isPending || denied.some(([, message]) => message === warning) }
  }, [data, isPending, warning])
}

function whyEmpty({
  show,
  requestable,
  remembered: { favourites, recent },
  isReading,
}: Pick<ResourceSearch, 'show'> & {
  readonly requestable: boolean
  readonly remembered: { readonly favourites: readonly string[]; readonly recent: readonly string[] }
  readonly isReading: boolean
}): string {
  if (isReading)
    return 'AWS is being read for the first time. What you have, and what you may ask for, shows up here then.'
  if (show === 'favourites' && favourites.length === 0)
    return 'Mark accounts that you use often with the star beside their name.'
  if (show === 'recent' && recent.length === 0) return 'Accounts that you log in to or ask for show up here.'
  if (requestable) return 'Nothing fits, or there is nothing that you may ask for.'
  return 'You have no access to an AWS account now. Switch on "Show requestable resources" to see what you may ask for.'
}
