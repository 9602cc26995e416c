import { AwsError } from '../http/aws-error.ts'

/**
 * The URL of an OpenID Connect issuer as IAM takes it: https, no port, no query, no fragment (IAM API Reference,
 * "CreateOpenIDConnectProvider"). Kept as written: a token's `iss` must equal it to the letter, but for a slash at the end.
 *
 * @param allowInsecure also http and ports, so that an issuer on this machine can be used. Real IAM never does.
 * @throws AwsError ValidationError
 */
export function parseIssuerUrl(text: string, { allowInsecure }: { allowInsecure: boolean }): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const schemes = allowInsecure ? ['https:', 'http:'] : ['https:']
  if (!url || !schemes.includes(url.protocol)) {
    throw new AwsError('ValidationError', 'Invalid Open ID Connect Provider URL: it must begin with https://.')
  }
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
    throw new AwsError('ValidationError', 'Invalid Open ID Connect Provider URL: only a host and a path are allowed.')
  }
  if (!allowInsecure && /^https:\/\/[^/]*:\d/i.test(text)) {
    throw new AwsError('ValidationError', 'Invalid Open ID Connect Provider URL: it must not contain a port number.')
  }
  return text.replace(/\/$/, '')
}
