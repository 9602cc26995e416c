/** Where the issuer's keys are, below its address. */
export const JWKS_PATH = '/.well-known/jwks.json'
export const DISCOVERY_PATH = '/.well-known/openid-configuration'

/**
 * What AWS reads at `<issuer>/.well-known/openid-configuration`. `issuer` equals the token's `iss` to the letter; AWS
 * wants the supported lists too (IAM User Guide, "Create an OpenID Connect identity provider").
 */
export function discoveryDocument(issuer: string): Readonly<Record<string, unknown>> {
  return {
    issuer,
    jwks_uri: `${issuer.replace(/\/+$/, '')}${JWKS_PATH}`,
    claims_supported: ['iss', 'sub', 'aud', 'iat', 'exp', 'jti'],
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  }
}
