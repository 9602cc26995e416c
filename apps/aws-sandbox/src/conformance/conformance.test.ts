import { afterAll, beforeAll, expect, it } from 'vitest'
import { startIssuer } from '../testing/oidc-issuer.ts'
import { startStage, type Claim, type Stage } from './claim.ts'
import { formatConformance } from './format-conformance.ts'
import { iamClaims } from './iam-claims.ts'
import { identityStoreClaims } from './identity-store-claims.ts'
import { oidcClaims, portalClaims } from './login-claims.ts'
import { organizationsClaims } from './organizations-claims.ts'
import { scimClaims } from './scim-claims.ts'
import { ssoAdminClaims } from './sso-admin-claims.ts'
import { stsClaims } from './sts-claims.ts'

const SERVICES = ['organizations', 'identitystore', 'sso-admin', 'iam', 'sts', 'sso-oidc', 'sso', 'scim'] as const

let stage: Stage
let issuer: Awaited<ReturnType<typeof startIssuer>>
let claims: ReadonlyMap<string, readonly Claim[]>

beforeAll(async () => {
  issuer = await startIssuer()
  stage = await startStage()
  claims = new Map<(typeof SERVICES)[number], readonly Claim[]>([
    ['organizations', organizationsClaims(stage)],
    ['identitystore', identityStoreClaims(stage)],
    ['sso-admin', ssoAdminClaims(stage)],
    ['iam', iamClaims(stage)],
    ['sts', stsClaims(stage, issuer)],
    ['sso-oidc', oidcClaims(stage)],
    ['sso', portalClaims(stage)],
    ['scim', scimClaims(stage)],
  ])
})
afterAll(async () => {
  await stage.sandbox.stop()
  await issuer[Symbol.asyncDispose]()
})

it.each(SERVICES)('%s does what the page claims of it, for AWS’s own client', async (service) => {
  for (const { operation, behaviour, check } of claims.get(service) ?? []) {
    // One after the other: the later ones look at what the earlier ones made.
    await check().catch((cause: unknown) => {
      throw new Error(`${operation} ${behaviour}: it does not. ${cause instanceof Error ? cause.message : ''}`, {
        cause,
      })
    })
  }
})

it('claims something of every operation there is', async () => {
  const there: string[] = await stage.control('GET', '/operations')
  const claimed = [...claims].flatMap(([service, rows]) => rows.map(({ operation }) => `${service}.${operation}`))
  expect(new Set(claimed)).toEqual(new Set(there))
})

it('has its claims on a page', async () => {
  await expect(formatConformance(claims)).toMatchFileSnapshot('../../docs/conformance.md')
})
