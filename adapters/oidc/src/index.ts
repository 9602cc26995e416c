export { DISCOVERY_PATH, discoveryDocument, JWKS_PATH } from './discovery-document.ts'
export { createTokenIssuer, type TokenIssuer, tokenSubject } from './token-issuer.ts'
