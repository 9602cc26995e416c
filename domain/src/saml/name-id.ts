import type { View } from '../desired-state/view.ts'
import type { User } from '../users/user.ts'
import type { ServiceProvider } from './service-provider.ts'

/** How the application is told who it is. */
export interface NameId {
  readonly value: string
  readonly format: string
}

const EMAIL_ADDRESS = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'
const UNSPECIFIED = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified'
/** What we can say truly: a user's name, which is an e-mail address or not. */
const KNOWN_FORMATS = [EMAIL_ADDRESS, UNSPECIFIED]
export const NAME_ID_FORMATS: readonly string[] = KNOWN_FORMATS

/**
 * AWS finds its user by exactly this value and looks at nothing else, so it is the name that AWS was last told (IAM
 * Identity Center User Guide, "Using SAML and SCIM identity federation"). Others get the name we know the user by.
 */
export function nameIdOf(user: User, provider: ServiceProvider, view: View): NameId {
  const pushed = provider.preset === 'aws-identity-center' ? view.userLinkByUser.get(user.id)?.pushed : undefined
  return { value: pushed?.userName ?? user.name, format: formatFor(provider) }
}

/** The first format in the metadata that we know (SAML 2.0 Metadata, 2.4.1); for AWS always an address. */
function formatFor({ preset, metadata }: ServiceProvider): string {
  if (preset === 'aws-identity-center') return EMAIL_ADDRESS
  return metadata.nameIdFormats.find((format) => KNOWN_FORMATS.includes(format)) ?? UNSPECIFIED
}

/** Whether what a request asks for is what it would get; no format or `unspecified` leaves the choice to us. */
export const isFormatAcceptable = (asked: string | undefined, { format }: NameId): boolean =>
  asked === undefined || asked === UNSPECIFIED || asked === format
