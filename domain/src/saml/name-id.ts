import type { OrganizationView, View } from '../desired-state/view.ts'
import { DomainError } from '../kernel/problems.ts'
import { whyNotPushed } from '../users/user-profile.ts'
import type { User } from '../users/user.ts'
import { userNameInAws } from '../organizations/link.ts'
import { organizationOfProvider } from './provider-of-organization.ts'
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
 * @throws DomainError `refused` when AWS could not take the name, or would take it for somebody else's
 */
export function nameIdOf(user: User, provider: ServiceProvider, view: View): NameId {
  const format = formatFor(provider)
  if (provider.preset !== 'aws-identity-center') return { value: user.name, format }
  const place = organizationOfProvider(provider, view)
  const own = place?.userLinkByUser.get(user.id)
  if (own) return { value: userNameInAws(own), format }
  refuseUnfit(user)
  refuseTaken(user, place ? [place] : view.byOrganization)
  return { value: user.name, format }
}

function refuseUnfit(user: User): void {
  const message = whyNotPushed(user)
  if (message === undefined) return
  throw new DomainError({
    code: 'refused',
    message,
    remedy: 'Ask an administrator for a user whose name is your e-mail address.',
  })
}

/** A user of ours may have had the name before, and AWS was not told yet that this has changed. */
function refuseTaken({ id, name }: User, places: readonly OrganizationView[]): void {
  const wanted = name.toLowerCase()
  const others = places.flatMap(({ userLinks }) => userLinks).filter(({ user }) => user !== id)
  if (!others.some((link) => userNameInAws(link).toLowerCase() === wanted)) return
  throw new DomainError({
    code: 'refused',
    message: `AWS still knows somebody else as "${name}".`,
    remedy: 'Try again in some minutes. If it stays, ask an administrator to look at "tctl plugins status".',
  })
}

/** The first format in the metadata that we know (SAML 2.0 Metadata, 2.4.1); for AWS always an address. */
function formatFor({ preset, metadata }: ServiceProvider): string {
  if (preset === 'aws-identity-center') return EMAIL_ADDRESS
  return metadata.nameIdFormats.find((format) => KNOWN_FORMATS.includes(format)) ?? UNSPECIFIED
}

/** Whether what a request asks for is what it would get; no format or `unspecified` leaves the choice to us. */
export const isFormatAcceptable = (asked: string | undefined, { format }: NameId): boolean =>
  asked === undefined || asked === UNSPECIFIED || asked === format
