import type { Document } from '@gatehouse/api'
import { Button, Menu, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { useMay } from '../../app/session.ts'
import { Code } from '../../components/code.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { Copy } from '../../components/copy.tsx'
import { type Fact, Facts } from '../../components/facts.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { makingAgain } from '../../components/put-back.ts'
import { showToast } from '../../components/toasts.tsx'
import { sayName } from '../../components/say-name.ts'
import { EditServiceProvider } from './edit-service-provider.tsx'
import { History } from './history.tsx'
import { field, readProvidersAgain, sayPreset, serviceProviderQuery } from './service-providers-query.ts'
import { More } from '../../components/more.tsx'

const route = getRouteApi('/service-providers/$name')

export function ServiceProviderPage() {
  const { name } = route.useParams()
  const query = useQuery(serviceProviderQuery(name))
  return (
    <Loaded query={query} page="service provider">
      {(provider) => <ServiceProvider provider={provider} />}
    </Loaded>
  )
}

function ServiceProvider({ provider }: { readonly provider: Document }) {
  const { name } = provider.metadata
  const descriptor = field(provider, 'entity_descriptor')
  return (
    <Page title={name} actions={<Actions provider={provider} />}>
      <Stack gap="lg">
        <Facts facts={factsOf(provider)} />
        {useMay('list', 'event') && <History name={name} />}
        {descriptor !== '' && (
          <section aria-labelledby="metadata">
            <Title order={2} id="metadata" mb="xs">
              Metadata
            </Title>
            <Code label="The metadata" text={descriptor} />
          </section>
        )}
      </Stack>
    </Page>
  )
}

const address = (value: string, what: string) => (value === '' ? '' : <Copy text={value} what={what} />)

function factsOf(provider: Document): readonly Fact[] {
  const { spec = {} } = provider
  const attributes = spec['attribute_mapping']
  return [
    ['Preset', sayPreset(provider)],
    ['Entity id', address(field(provider, 'entity_id'), 'the entity id')],
    ['Answers go to', address(field(provider, 'acs_url'), 'the address')],
    ['Relay state', field(provider, 'relay_state')],
    ['Attributes', Array.isArray(attributes) && attributes.length > 0 && `${attributes.length} are sent`],
    ['Sign-in link', <Copy text={`${window.location.origin}/saml/login/${provider.metadata.name}`} what="the link" />],
  ]
}

function Actions({ provider }: { readonly provider: Document }) {
  const mayUpdate = useMay('update', 'saml_idp_service_provider')
  const mayDelete = useMay('delete', 'saml_idp_service_provider')
  const [isEditing, setEditing] = useState(false)
  return (
    <>
      {mayUpdate && <Button onClick={() => setEditing(true)}>Edit service provider</Button>}
      {mayDelete && <Delete name={provider.metadata.name} />}
      {isEditing && <EditServiceProvider provider={provider} onClose={() => setEditing(false)} />}
    </>
  )
}

function Delete({ name }: { readonly name: string }) {
  const [isDeleting, setDeleting] = useState(false)
  const deleted = useRef<Document>(undefined)
  const navigate = route.useNavigate()
  return (
    <>
      <More>
        <Menu.Item className="loss" onClick={() => setDeleting(true)}>
          Delete service provider
        </Menu.Item>
      </More>
      <Confirm
        opened={isDeleting}
        onClose={() => setDeleting(false)}
        title={`Delete the service provider "${sayName(name)}"?`}
        verb="Delete service provider"
        run={async () => {
          const params = { kind: 'saml_idp_service_provider', name } as const
          // As it is now, which the page may not show.
          deleted.current = await client.getDocument({ params })
          await client.deleteDocument({ params })
        }}
        onDone={() => {
          const words = `the service provider "${sayName(name)}"`
          showToast(
            `"${sayName(name)}" is deleted.`,
            makingAgain(deleted.current, { words, refresh: readProvidersAgain }),
          )
          void queryClient.invalidateQueries({ queryKey: ['service-providers'] })
          void navigate({ to: '/service-providers' })
        }}
      >
        <Text size="sm">
          Nobody signs in to it through Gatehouse any more, from now on. If it is the one of AWS, nobody gets to the
          access portal until it is added again.
        </Text>
      </Confirm>
    </>
  )
}
