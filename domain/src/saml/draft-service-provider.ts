import type { ServiceProviderDocument } from '../documents/document.ts'
import { DomainError } from '../kernel/problems.ts'
import { denialByLabels, IDENTITY_CENTER_LABELS } from '../roles/application-access.ts'
import type { EffectiveRoles } from '../roles/effective-roles.ts'
import type { GivenServiceProvider, ReadServiceProvider, ServiceProvider } from './service-provider.ts'

const FIELDS: Readonly<Record<keyof GivenServiceProvider, string>> = {
  entityDescriptor: 'spec.entity_descriptor',
  entityId: 'spec.entity_id',
  acsUrl: 'spec.acs_url',
}
const REMEDIES: Readonly<Record<keyof GivenServiceProvider, string>> = {
  entityDescriptor: 'Download the metadata from the application again, and paste all of it.',
  entityId: 'Copy it from the application again, or leave it out where there is an entity_descriptor.',
  acsUrl: 'Write the address as the application shows it, beginning with https://.',
}
/** Where Google's console goes after sign-in unless told otherwise (Workforce Identity Federation, "console sign-in"). */
const GCP_CONSOLE = 'https://console.cloud.google/'

/** A service provider as it is kept, with its metadata read. @throws DomainError `invalid-document` */
export function draftServiceProvider(
  document: ServiceProviderDocument,
  place: (field: string) => string,
  { readServiceProvider }: { readonly readServiceProvider: ReadServiceProvider },
): Omit<ServiceProvider, 'revision'> {
  const { kind: _, entityId: __, acsUrl: ___, labels, ...content } = document
  const metadata = readServiceProvider(document)
  if ('refused' in metadata)
    throw new DomainError({
      code: 'invalid-document',
      field: place(FIELDS[metadata.field]),
      message: metadata.refused,
      remedy: REMEDIES[metadata.field],
    })
  return {
    ...content,
    labels: document.preset === 'aws-identity-center' ? { ...IDENTITY_CENTER_LABELS, ...labels } : labels,
    relayState: content.relayState === '' && document.preset === 'gcp-workforce' ? GCP_CONSOLE : content.relayState,
    metadata,
  }
}

/**
 * Who administers an application needs to reach it by labels as well: with a role of version 8 and no `app_labels` that
 * match, an administrator is refused (governance facts, 10.2). @throws DomainError `refused`
 */
export function checkMayAdminister(
  providers: readonly Pick<ServiceProvider, 'labels'>[],
  verb: 'create' | 'update' | 'delete',
  roles: EffectiveRoles | undefined,
): void {
  for (const { labels } of providers) {
    const denial = roles && denialByLabels(roles, labels)
    if (denial)
      throw new DomainError({
        code: 'refused',
        message: `You may not ${verb} this saml_idp_service_provider: ${denial.message}`,
        remedy: denial.remedy,
      })
  }
}
