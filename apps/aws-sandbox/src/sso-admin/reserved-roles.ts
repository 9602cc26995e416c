import { randomHex } from '../world/ids.ts'
import type { Home, IamRole, PermissionSet, SamlProvider } from '../world/records.ts'
import { iamKey, provisioningKey, type World } from '../world/world.ts'

/** The trust policy's audience: AWS's own sign-in. */
const SIGN_IN_AUDIENCE = 'https://signin.aws.amazon.com/saml'
/** Roles last up to 12 hours whatever the permission set says; the set's own duration counts at sign-in. */
const ROLE_SESSION_SECONDS = 43_200
type NewHex = (length: number) => string
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const PROVIDER_VALID_MS = 100 * 365 * 86_400_000

/** Path of Identity Center's roles; the home region is named unless it is us-east-1. */
export function reservedPath({ region }: Pick<Home, 'region'>): string {
  return region === 'us-east-1' ? '/aws-reserved/sso.amazonaws.com/' : `/aws-reserved/sso.amazonaws.com/${region}/`
}

/** Makes or brings up to date what a permission set is in an account: a role, and once per account a SAML provider. */
export function provisionRole(
  world: World,
  accountId: string,
  permissionSet: PermissionSet,
  /** Where fresh ids come from; a seed draws them. */
  newHex: NewHex = randomHex,
) {
  const key = provisioningKey(accountId, permissionSet.arn)
  const existing = world.provisionings.get(key)
  const roleName = existing?.roleName ?? `AWSReservedSSO_${permissionSet.name}_${newHex(16)}`
  const provider = findReservedProvider(world, accountId) ?? createProvider(world, accountId, newHex)
  const old = world.iamRoles.get(iamKey(accountId, roleName))
  const role = describeRole(world, { accountId, roleName, permissionSet, provider, newHex })
  world.iamRoles.set(iamKey(accountId, roleName), {
    ...role,
    ...(old === undefined ? {} : { id: old.id, createdAt: old.createdAt }),
  })
  const { arn: permissionSetArn, revision } = permissionSet
  world.provisionings.set(key, { accountId, permissionSetArn, revision, roleName })
}

export function removeRole(world: World, accountId: string, permissionSetArn: string) {
  const key = provisioningKey(accountId, permissionSetArn)
  const provisioning = world.provisionings.get(key)
  if (provisioning === undefined) return
  world.iamRoles.delete(iamKey(accountId, provisioning.roleName))
  world.provisionings.delete(key)
}

export function findReservedProvider(world: World, accountId: string): SamlProvider | undefined {
  return world.samlProviders.by('account', accountId).find(({ isProtected }) => isProtected)
}

function describeRole(
  world: World,
  role: { accountId: string; roleName: string; permissionSet: PermissionSet; provider: SamlProvider; newHex: NewHex },
): IamRole {
  const { accountId, roleName, permissionSet, provider } = role
  const path = reservedPath(world.home())
  const { customerManagedPolicies, managedPolicies, inlinePolicy, permissionsBoundary } = permissionSet
  const own = customerManagedPolicies.map((policy) => customerPolicyArn(accountId, policy))
  return {
    accountId,
    name: roleName,
    path,
    id: `AROA${toBase32(role.newHex(34))}`,
    arn: `arn:aws:iam::${accountId}:role${path}${roleName}`,
    trustPolicy: trustPolicy(provider.arn),
    description: permissionSet.description,
    maxSessionDuration: ROLE_SESSION_SECONDS,
    inlinePolicies: inlinePolicy === undefined ? {} : { AwsSSOInlinePolicy: inlinePolicy },
    attachedPolicyArns: [...managedPolicies.map(({ arn }) => arn), ...own],
    permissionsBoundaryArn:
      permissionsBoundary === undefined
        ? undefined
        : 'managedPolicyArn' in permissionsBoundary
          ? permissionsBoundary.managedPolicyArn
          : customerPolicyArn(accountId, permissionsBoundary.customerManagedPolicyReference),
    tags: {},
    createdAt: world.clock.now(),
    isProtected: true,
  }
}

export function customerPolicyArn(accountId: string, policy: { readonly name: string; readonly path: string }): string {
  return `arn:aws:iam::${accountId}:policy${policy.path}${policy.name}`
}

function trustPolicy(providerArn: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: providerArn },
        Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
        Condition: { StringEquals: { 'SAML:aud': SIGN_IN_AUDIENCE } },
      },
    ],
  })
}

function createProvider(world: World, accountId: string, newHex: NewHex): SamlProvider {
  const name = `AWSSSO_${newHex(16)}_DO_NOT_DELETE`
  const now = world.clock.now()
  const provider: SamlProvider = {
    accountId,
    arn: `arn:aws:iam::${accountId}:saml-provider/${name}`,
    name,
    uuid: `${newHex(8)}-${newHex(4)}-4${newHex(3)}-8${newHex(3)}-${newHex(12)}`,
    metadata: providerMetadata(world.home(), newHex),
    validUntil: now + PROVIDER_VALID_MS,
    tags: {},
    createdAt: now,
    isProtected: true,
  }
  world.samlProviders.set(provider.arn, provider)
  return provider
}

/** Has the look and size of the real document; nobody signs with its key. */
function providerMetadata({ region, identityStoreId }: Home, newHex: NewHex): string {
  const issuer = `https://portal.sso.${region}.amazonaws.com/saml/assertion/${identityStoreId}`
  const key = Buffer.from(newHex(1_200), 'hex').toString('base64')
  return (
    `<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${issuer}">` +
    `<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing">` +
    `<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${key}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>` +
    `</md:KeyDescriptor><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${issuer}"/></md:IDPSSODescriptor></md:EntityDescriptor>`
  )
}

export function toBase32(hex: string): string {
  return [...Buffer.from(hex, 'hex')].map((byte) => BASE32.charAt(byte % 32)).join('')
}
