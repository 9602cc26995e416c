import { Button, Tabs } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMay } from '../../app/session.ts'
import { Page } from '../../components/page.tsx'
import { Adopted } from './adopted.tsx'
import { HealthOf } from './health.tsx'
import { Plan } from './plan.tsx'
import { Settings } from './settings.tsx'
import { Status } from './status.tsx'

const route = getRouteApi('/organizations/$name')
const TABS = ['status', 'plan', 'adopted', 'settings'] as const

/** One Identity Center instance: whether AWS equals the decisions, what is next, and how it is set. */
export function OrganizationPage() {
  const { name } = route.useParams()
  const { tab: asked, search } = route.useSearch()
  const navigate = route.useNavigate()
  const tab = TABS.find((known) => known === asked) ?? 'status'
  return (
    <Page title={name} state={<HealthOf organization={name} />} actions={<Actions name={name} />}>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => void navigate({ search: { tab: value === 'status' ? undefined : (value ?? undefined) } })}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="status">Status</Tabs.Tab>
          <Tabs.Tab value="plan">Plan</Tabs.Tab>
          <Tabs.Tab value="adopted">Adopted</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="status">
          <Status organization={name} />
        </Tabs.Panel>
        <Tabs.Panel value="plan">
          <Plan organization={name} />
        </Tabs.Panel>
        <Tabs.Panel value="adopted">
          <Adopted
            organization={name}
            search={search}
            onSearch={(text) => void navigate({ search: { tab: 'adopted', search: text }, replace: true })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <Settings organization={name} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

function Actions({ name }: { readonly name: string }) {
  const mayDelete = useMay('delete', 'plugin')
  if (!mayDelete) return null
  return (
    <Button
      variant="default"
      renderRoot={(props) => <Link to="/organizations/$name/removal" params={{ name }} {...props} />}
    >
      Remove organization
    </Button>
  )
}
