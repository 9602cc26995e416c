import { Box, Button, Group, Tabs, TextInput } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { FilterChips } from '../../components/filter-chips.tsx'
import { Page } from '../../components/page.tsx'
import { useSession } from '../../app/session.ts'
import type { Asked } from './explain-query.ts'
import { WhatIf } from './what-if.tsx'
import { WhoCan } from './who-can.tsx'
import { Why } from './why.tsx'

const route = getRouteApi('/explorer')
const TABS = ['why', 'who-can', 'what-if'] as const

/** Who has what and why; who can; what a change would do. */
export function ExplorerPage() {
  const { tab: asked, look, sort, ...search } = route.useSearch()
  const navigate = route.useNavigate()
  const session = useSession()
  const tab = TABS.find((known) => known === asked) ?? 'why'
  const ask = (change: Asked): void => void navigate({ search: { ...change, tab: asked, look } })
  return (
    <Page wide title="Access explorer">
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) =>
          void navigate({
            search: (before) => ({
              ...before,
              sort: undefined,
              tab: value === 'why' ? undefined : (value ?? undefined),
            }),
          })
        }
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="why">Why somebody has access</Tabs.Tab>
          <Tabs.Tab value="who-can">Who has access to an account</Tabs.Tab>
          <Tabs.Tab value="what-if">What a change would do</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="why">
          <Ask key={JSON.stringify(search)} asked={search} fields={['user', 'account', 'permissionSet']} onAsk={ask} />
          <Chips lead="Access where" asked={search} fields={['user', 'account', 'permissionSet']} onAsk={ask} />
          {session && (
            <Why
              asked={{ ...search, user: search.user ?? session.user.name }}
              look={look === 'table' ? look : 'graph'}
              onLook={(next) =>
                void navigate({ search: (before) => ({ ...before, look: next === 'graph' ? undefined : next }) })
              }
            />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="who-can">
          <Ask key={JSON.stringify(search)} asked={search} fields={['account', 'permissionSet']} onAsk={ask} />
          <Chips lead="People where" asked={search} fields={['account', 'permissionSet']} onAsk={ask} />
          <WhoCan
            key={JSON.stringify(search)}
            asked={search}
            sort={{
              value: sort,
              first: '',
              onChange: (next) => void navigate({ search: (before) => ({ ...before, sort: next }) }),
            }}
          />
        </Tabs.Panel>
        <Tabs.Panel value="what-if">
          <WhatIf />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

const LABELS = {
  user: ['Person', 'somebody@example.com'],
  account: ['AWS account', 'name or id'],
  permissionSet: ['Permission set', 'name or ARN'],
} as const

const SAYS = { user: 'the person is', account: 'the account is', permissionSet: 'the permission set is' } as const

function Chips({
  lead,
  asked,
  fields,
  onAsk,
}: {
  readonly lead: string
  readonly asked: Asked
  readonly fields: readonly (keyof typeof LABELS)[]
  readonly onAsk: (asked: Asked) => void
}) {
  return (
    <Box mb="md">
      <FilterChips
        lead={lead}
        filters={fields.map((field) => ({
          what: SAYS[field],
          value: asked[field],
          remove: () => onAsk({ ...asked, [field]: undefined }),
        }))}
        onClear={() => onAsk({})}
      />
    </Box>
  )
}

function Ask({
  asked,
  fields,
  onAsk,
}: {
  readonly asked: Asked
  readonly fields: readonly (keyof typeof LABELS)[]
  readonly onAsk: (asked: Asked) => void
}) {
  const [typed, setTyped] = useState<Asked>(asked)
  const send = (event: FormEvent): void => {
    event.preventDefault()
    onAsk(Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined && value.trim() !== '')))
  }
  return (
    <form onSubmit={send}>
      <Group align="flex-end" gap="xs" mb="md">
        {fields.map((field) => (
          <TextInput
            key={field}
            label={LABELS[field][0]}
            placeholder={LABELS[field][1]}
            value={typed[field] ?? ''}
            onChange={({ currentTarget: { value } }) => setTyped((before) => ({ ...before, [field]: value }))}
          />
        ))}
        <Button type="submit">Show</Button>
      </Group>
    </form>
  )
}
