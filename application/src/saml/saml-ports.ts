import type { GovernancePorts } from '../governance/governance-ports.ts'
import type { SamlKeys, SamlProtocol, SamlRequests } from '../ports/saml.ts'

/** What signing people in to other applications touches. */
export interface SamlPorts extends GovernancePorts {
  readonly saml: SamlProtocol
  readonly samlKeys: SamlKeys
  readonly samlRequests: SamlRequests
}

/** Where this identity provider is: its entity id is the address of its metadata. */
export interface SamlAddresses {
  readonly entityId: string
  readonly singleSignOnUrl: string
}

export const samlAddresses = (publicAddress: string): SamlAddresses => ({
  entityId: `${publicAddress}/saml/metadata`,
  singleSignOnUrl: `${publicAddress}/saml/sso`,
})
