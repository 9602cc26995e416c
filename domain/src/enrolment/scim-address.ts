/**
 * Whether an address is that of Identity Center's SCIM endpoint, as the console shows it (IAM Identity Center SCIM
 * Implementation Developer Guide, "Accessing the SCIM endpoint"): nobody else is sent the token.
 */
export function isAwsScimAddress(address: string): boolean {
  const url = URL.parse(address.trim())
  if (!url || url.protocol !== 'https:' || url.port || url.username || url.password || url.search || url.hash)
    return false
  return HOST.test(url.hostname) && PATH.test(url.pathname)
}

/** `api.aws` is the dual-stack form. */
const HOST = /^scim(-fips)?\.[a-z]{2,4}(-[a-z]+)+-\d+\.(amazonaws\.com(\.cn)?|api\.aws|amazonaws\.eu)$/
const PATH = /^\/[\w-]{8,64}\/scim\/v2\/?$/
