import {
  type EnrolmentDraft,
  IDENTITY_SOURCE_CLICKS,
  isOfAnotherStore,
  type ServiceProviderMetadata,
  type View,
  warningsOfChange,
} from '@gatehouse/domain'
import type { Actor } from '../governance/actor.ts'
import type { Reading } from '../governance/read-view.ts'
import { type IdentityProvider, readIdentityProvider } from '../saml/read-identity-provider.ts'
import type { SamlAddresses, SamlPorts } from '../saml/saml-ports.ts'
import { getDraft } from './drafts.ts'
import type { EnrolmentPorts } from './enrolment-ports.ts'

export interface IdentitySourceStep {
  readonly ours: IdentityProvider
  /** Read from the metadata that was given. */
  readonly theirs: ServiceProviderMetadata | undefined
  readonly problems: readonly { readonly message: string; readonly remedy: string }[]
  readonly warnings: readonly string[]
  readonly clicks: readonly string[]
}

/** Both sides of the connection, and what the change does to people. @throws DomainError `refused`, `not-found` */
export async function readIdentitySource(
  ports: SamlPorts & Pick<EnrolmentPorts, 'enrolments'>,
  query: { readonly actor: Actor; readonly name: string; readonly addresses: SamlAddresses },
  signal: AbortSignal,
): Promise<IdentitySourceStep> {
  const { draft, reading } = await getDraft(ports, query, signal)
  const { theirs, problems } = examineMetadata(ports, draft, reading)
  return {
    ours: await readIdentityProvider(ports, query.addresses, signal),
    theirs,
    problems,
    warnings: warningsOfChange(draft.given.identitySource),
    clicks: IDENTITY_SOURCE_CLICKS,
  }
}

/** What the metadata says, and why it can not be used; once it is in use, its names are taken by itself. */
export function examineMetadata(
  { saml }: Pick<SamlPorts, 'saml'>,
  draft: EnrolmentDraft,
  { view, records }: Reading,
): Pick<IdentitySourceStep, 'theirs' | 'problems'> {
  const { serviceProviderMetadata: entityDescriptor } = draft.given
  const read =
    entityDescriptor === undefined
      ? undefined
      : saml.readServiceProvider({ entityDescriptor, entityId: '', acsUrl: '' })
  const theirs = read && 'entityId' in read ? read : undefined
  const isInstalled = records.organizations.some(({ name }) => name === draft.name)
  const problems = [
    ...(read && 'refused' in read
      ? [{ message: read.refused, remedy: 'Download the metadata file again, and give all of it.' }]
      : []),
    ...otherInstance(draft, theirs),
    ...(isInstalled ? [] : namesTaken(draft, theirs, view)),
  ]
  return { theirs, problems }
}

/** Known once the role of the first step has been checked. */
function otherInstance({ checks }: EnrolmentDraft, theirs: ServiceProviderMetadata | undefined) {
  const store = checks.aws?.identityStoreId
  if (!theirs || store === undefined || !isOfAnotherStore(theirs, store)) return []
  const message = `The metadata is that of another instance: its entity id does not end in ${store}.`
  return [{ message, remedy: 'Download the metadata file of the instance of the first step.' }]
}

/** Name and entity id are of one service provider each; found out here rather than at the end. */
function namesTaken({ name, given }: EnrolmentDraft, theirs: ServiceProviderMetadata | undefined, view: View) {
  const wanted = (given.serviceProviderName ?? name).toLowerCase()
  const namesake = view.serviceProviders.find((provider) => provider.name.toLowerCase() === wanted)
  const same = view.serviceProviders.find(({ metadata }) => metadata.entityId === theirs?.entityId)
  return [
    ...(namesake
      ? [{ message: `There is a service provider "${namesake.name}" already.`, remedy: 'Choose another name.' }]
      : []),
    ...(same
      ? [
          {
            message: `Service provider "${same.name}" has this entity id already.`,
            remedy: 'Remove that one, or give the metadata of this instance.',
          },
        ]
      : []),
  ]
}
