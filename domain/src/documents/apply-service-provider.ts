import { DomainError } from '../kernel/problems.ts'
import { checkMayAdminister, draftServiceProvider } from '../saml/draft-service-provider.ts'
import type { ParsedDocument, ServiceProviderDocument } from './document.ts'
import type { Drafts } from './drafts.ts'
import { place } from './lookup.ts'

export function applyServiceProvider(document: ServiceProviderDocument, parsed: ParsedDocument, drafts: Drafts): void {
  const before = drafts.providers.get(document.name.toLowerCase())
  drafts.refuseExisting('service provider', document.name, before !== undefined)
  drafts.refuseOtherSpelling('service provider', document.name, before)
  const provider = draftServiceProvider(document, (field) => place(parsed, field), drafts.input)
  for (const known of drafts.providers.values())
    if (known.name !== document.name && known.metadata.entityId === provider.metadata.entityId)
      throw new DomainError({
        code: 'conflict',
        message: `Service provider "${known.name}" has the entity id ${provider.metadata.entityId} already.`,
        remedy: 'Change that one, or remove it first.',
      })
  const settled = drafts.settle('saml_idp_service_provider', document.name, before, provider)
  const concerned = [provider, ...(before ? [before] : [])]
  checkMayAdminister(concerned, before ? 'update' : 'create', drafts.input.by.roles)
  drafts.providers.set(document.name.toLowerCase(), settled)
}
