import type { Document } from '@gatehouse/api'
import { queryOptions } from '@tanstack/react-query'
import { lookEvery } from '../../app/changes.ts'
import { client, queryClient } from '../../app/client.ts'
import { pagesOf } from '../../components/pages.ts'

const kind = 'saml_idp_service_provider'

export const serviceProvidersQuery = pagesOf(['service-providers'], (cursor, signal) =>
  client.listDocuments({ params: { kind }, query: { limit: 200, cursor } }, signal),
)

export const serviceProviderQuery = (name: string) =>
  queryOptions({
    queryKey: ['service-provider', name],
    queryFn: ({ signal }) => client.getDocument({ params: { kind, name } }, signal),
  })

const LATEST = 12
const CHANGES = ['create', 'update', 'delete'] as const

/** The latest changes and sign-ins, apart from one another: there are many more of the latter. */
export const historyQuery = (name: string) =>
  queryOptions({
    queryKey: ['audit', 'of-service-provider', name],
    async queryFn({ signal }) {
      const latest = async (event: string) => {
        const query = { subject: `service-provider:${name}`, event, limit: LATEST }
        return (await client.listAuditEvents({ query }, signal)).items
      }
      const [signIns, ...changes] = await Promise.all([
        latest('saml.idp.auth'),
        ...CHANGES.map((change) => latest(`saml.idp.service.provider.${change}`)),
      ])
      return {
        signIns,
        changes: changes
          .flat()
          .toSorted((a, b) => b.seq - a.seq)
          .slice(0, LATEST),
      }
    },
    refetchInterval: lookEvery(30_000),
  })

export const field = ({ spec = {} }: Document, key: string): string => {
  const value = spec[key]
  return typeof value === 'string' ? value : ''
}

/** What AWS gets it is told apart by; everything else is an ordinary application. */
export const sayPreset = (document: Document): string =>
  field(document, 'preset') === 'aws-identity-center' ? 'AWS IAM Identity Center' : field(document, 'preset')

const PRESETS = [
  { value: '', label: 'none' },
  { value: 'aws-identity-center', label: 'AWS IAM Identity Center' },
]

/** What there is to choose from, and what a provider has already. */
export const presetsWith = (preset: string) =>
  PRESETS.some(({ value }) => value === preset) ? PRESETS : [...PRESETS, { value: preset, label: preset }]

export function readProvidersAgain(): void {
  void queryClient.invalidateQueries({ queryKey: ['service-providers'] })
  void queryClient.invalidateQueries({ queryKey: ['service-provider'] })
}
