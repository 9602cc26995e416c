/**
 * Whether an address is that of an access portal at AWS. The AWS CLI takes such a one as it is, and follows one redirect
 * of any other; older ones, and SDKs, follow none (AWS CLI 2.35.13, `awscli/customizations/sso/resolve.py`,
 * `is_aws_owned_domain`; the issuers of `eu` and `us-gov`: AWS SDK for .NET, `SSOEndpointResolver`).
 */
export function isAwsStartUrl(address: string): boolean {
  const url = WRITTEN_OUT.test(address) ? URL.parse(address) : null
  if (!url) return false
  return ISSUERS.has(url.hostname) || PORTALS.some((suffix) => url.hostname.endsWith(suffix))
}

/** What `URL` mends, other programs read as another host, or as none. */
const WRITTEN_OUT = /^https:\/\/[\w.-]+(?::\d+)?(?:[/?#][^\s\\]*)?$/i

const PORTALS = [
  '.awsapps.com',
  '.awsapps.cn',
  '.app.aws',
  '.app.amazonwebservices.com.cn',
  '.api.amazonwebservices.eu',
  '.portal.amazonaws.com',
  '.portal.amazonaws.com.cn',
  '.portal.amazonaws.eu',
] as const

const ISSUERS: ReadonlySet<string> = new Set([
  'identitycenter.amazonaws.com',
  'identitycenter.amazonaws.com.cn',
  'identitycenter.amazonaws.eu',
  'identitycenter.us-gov.amazonaws.com',
])

/**
 * The address of the access portal that every identity store has; absent where AWS has not written down what it is made of
 * (IAM Identity Center User Guide, "Access portal"; Getting Started with AWS in China, "IAM Identity Center").
 */
export function defaultStartUrl({
  identityStoreId,
  instanceArn,
}: {
  readonly identityStoreId: string
  readonly instanceArn: string
}): string | undefined {
  const [, partition = ''] = instanceArn.split(':')
  switch (partition) {
    case 'aws':
      return `https://${identityStoreId}.awsapps.com/start`
    case 'aws-us-gov':
      return `https://start.us-gov-home.awsapps.com/directory/${identityStoreId}`
    case 'aws-cn':
      return `https://start.home.awsapps.cn/directory/${identityStoreId}`
    default:
      return undefined
  }
}
