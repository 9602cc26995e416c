export { createSamlProtocol } from './create-saml-protocol.ts'
