import type { Branded } from '../kernel/branded.ts'
import type { Labels } from '../kernel/names.ts'

export type ServiceProviderName = Branded<string, 'ServiceProviderName'>

/** An application that lets us sign people in: AWS's access portal, or any other that speaks SAML. */
export interface ServiceProvider {
  readonly name: ServiceProviderName
  readonly labels: Labels
  /** Its metadata as it was given; empty when its entity id and one address were given instead. */
  readonly entityDescriptor: string
  readonly preset: ServiceProviderPreset
  /** What it is sent when the user starts from our side. */
  readonly relayState: string
  readonly attributeMapping: readonly AttributeMapping[]
  /** Where a sign-in begins for applications that only begin it themselves. */
  readonly launchUrls: readonly string[]
  readonly metadata: ServiceProviderMetadata
  readonly revision: number
}

export const SERVICE_PROVIDER_PRESETS = ['unspecified', 'aws-identity-center', 'gcp-workforce'] as const
export type ServiceProviderPreset = (typeof SERVICE_PROVIDER_PRESETS)[number]

/** One attribute that the application is told. */
export interface AttributeMapping {
  readonly name: string
  readonly nameFormat: AttributeNameFormat
  /** Where its values come from: an expression over `ATTRIBUTE_SCOPE`. */
  readonly value: string
}

/** SAML 2.0 Core, 8.2. */
export const ATTRIBUTE_NAME_FORMATS = {
  unspecified: 'urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified',
  basic: 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic',
  uri: 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
} as const
export type AttributeNameFormat = (typeof ATTRIBUTE_NAME_FORMATS)[keyof typeof ATTRIBUTE_NAME_FORMATS]

/** A service provider as its metadata describes it. */
export interface ServiceProviderMetadata {
  readonly entityId: string
  /** The addresses that answers may be posted to, at least one; the default first. */
  readonly assertionConsumers: readonly AssertionConsumer[]
  readonly nameIdFormats: readonly string[]
  /** DER in base64. */
  readonly signingCertificates: readonly string[]
  readonly signsRequests: boolean
  readonly wantsSignedAssertions: boolean
}

export interface AssertionConsumer {
  readonly url: string
  readonly index: number
}

/** What somebody gives of a service provider: its metadata, or its entity id and one address. */
export interface GivenServiceProvider {
  readonly entityDescriptor: string
  readonly entityId: string
  readonly acsUrl: string
}
export type ReadServiceProvider = (
  given: GivenServiceProvider,
) => ServiceProviderMetadata | { readonly refused: string; readonly field: keyof GivenServiceProvider }
/** For callers whose documents hold none. */
export const readNoServiceProvider: ReadServiceProvider = () => ({
  refused: 'no service provider is expected here.',
  field: 'entityId',
})
