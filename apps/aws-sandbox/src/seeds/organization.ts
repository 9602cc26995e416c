import { toBase32 } from '../sso-admin/reserved-roles.ts'
import { createDraw, type Draw } from '../world/draw.ts'
import { newIdentitySource } from '../sign-in/identity-source.ts'
import type { IdentitySource } from '../world/sign-in-records.ts'
import { iamKey, type World } from '../world/world.ts'

const DAY_MS = 86_400_000
/** IAM Identity Center User Guide, "Rotate an access token": one year. */
const SCIM_TOKEN_DAYS = 365
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** What every organization has: a management account with an administrator, an instance, a SCIM token. */
export function seedOrganization(
  world: World,
  draw: Draw,
  { region, identitySource }: { readonly region: string; readonly identitySource: IdentitySource['kind'] },
) {
  const now = world.clock.now()
  const managementAccountId = drawAccountId(draw)
  const identityStoreId = `d-${draw.hex(10)}`
  const rootId = `r-${draw.hex(4)}`
  world.setHome({
    region,
    organizationId: `o-${draw.hex(10)}`,
    rootId,
    managementAccountId,
    instanceArn: `arn:aws:sso:::instance/ssoins-${draw.hex(16)}`,
    instanceCreatedAt: now,
    identityStoreId,
    startUrl: `https://${identityStoreId}.awsapps.com/start`,
    scimTenantId: `${drawText(draw, 3)}${draw.uuid()}`,
    identitySource: newIdentitySource(identitySource, createDraw(`acs/${identityStoreId}`).uuid()),
    acceptedRequests: 0,
  })
  world.accounts.set(managementAccountId, {
    id: managementAccountId,
    name: 'Management',
    email: 'aws+management@acme.example',
    state: 'ACTIVE',
    parentId: rootId,
    joinedMethod: 'INVITED',
    joinedAt: now,
  })
  const userName = 'administrator'
  world.iamUsers.set(iamKey(managementAccountId, userName), {
    accountId: managementAccountId,
    arn: `arn:aws:iam::${managementAccountId}:user/${userName}`,
    name: userName,
    path: '/',
    id: `AIDA${toBase32(draw.hex(34))}`,
    inlinePolicies: {},
    attachedPolicyArns: [ADMINISTRATOR],
    tags: {},
    createdAt: now,
  })
  const accessKeyId = `AKIA${toBase32(draw.hex(32))}`
  const secret = drawText(draw, 40)
  world.accessKeys.set(accessKeyId, {
    id: accessKeyId,
    secret,
    accountId: managementAccountId,
    userName,
    status: 'Active',
    createdAt: now,
  })
  const token = { id: draw.uuid(), secret: draw.uuid() + draw.uuid(), createdAt: now }
  world.scimTokens.set(token.id, { ...token, expiresAt: now + SCIM_TOKEN_DAYS * DAY_MS })
}

export function drawAccountId(draw: Draw): string {
  return `${draw.integer(1, 9)}${Array.from({ length: 11 }, () => draw.integer(0, 9)).join('')}`
}

function drawText(draw: Draw, length: number): string {
  return Array.from({ length }, () => LETTERS.charAt(draw.integer(0, LETTERS.length - 1))).join('')
}
