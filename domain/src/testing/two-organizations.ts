import { joinViews } from '../desired-state/join-views.ts'
import { createView, type OrganizationView, type Snapshot, type View } from '../desired-state/view.ts'
import type { ServiceProvider } from '../saml/service-provider.ts'
import { aServiceProvider, aSnapshot } from './builders.ts'
import { GLOBEX, GLOBEX_CATALOGUE } from './other-organization.ts'

type Parts = Pick<Snapshot, 'adopted' | 'userLinks' | 'groupLinks' | 'organization' | 'catalogue'>

/** Acme's and Globex's view of the same records, and what each has of its own. */
export function bothViews(
  records: Partial<Snapshot> = {},
  acme: Partial<Parts> = {},
  globex: Partial<Parts> = {},
): View {
  const first = createView(aSnapshot({ ...records, ...acme }))
  const second = { ...records, organization: GLOBEX, catalogue: GLOBEX_CATALOGUE, ...globex }
  return joinViews([first, createView(aSnapshot(second), first)])
}

/** What `bothViews` were made of. */
export function halvesOf({ byOrganization }: View): readonly [acme: OrganizationView, globex: OrganizationView] {
  const [acme, globex] = byOrganization
  if (!acme || !globex) throw new Error('There are two.')
  return [acme, globex]
}

/** The service provider of AWS for an identity store, or with any other end of its entity id. */
export const awsProvider = (name: string, store: string): ServiceProvider => ({
  ...aServiceProvider(name, { preset: 'aws-identity-center' }),
  metadata: {
    ...aServiceProvider(name).metadata,
    entityId: `https://eu-west-1.signin.aws.amazon.com/platform/saml/${store}`,
  },
})
