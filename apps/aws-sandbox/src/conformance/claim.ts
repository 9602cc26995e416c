import { IAM } from '@aws-sdk/client-iam'
import { Identitystore } from '@aws-sdk/client-identitystore'
import { Organizations } from '@aws-sdk/client-organizations'
import { SSO } from '@aws-sdk/client-sso'
import { SSOAdmin } from '@aws-sdk/client-sso-admin'
import { SSOOIDC } from '@aws-sdk/client-sso-oidc'
import { STS } from '@aws-sdk/client-sts'
import { startSignInScene, type SignInScene } from '../testing/sign-in-scene.ts'

/** Something that an operation does, with where we know it from, and proof by AWS's own client. */
export interface Claim {
  readonly operation: string
  readonly behaviour: string
  readonly source: string
  readonly standing: 'documented' | 'reported' | 'assumed'
  readonly check: () => Promise<unknown>
}

/** A sandbox in which quotas are out of the way, and AWS's clients with one method for each operation. */
export interface Stage extends SignInScene {
  readonly aws: {
    readonly organizations: Organizations
    readonly identitystore: Identitystore
    readonly sso: SSOAdmin
    readonly iam: IAM
    readonly sts: STS
    readonly oidc: SSOOIDC
    readonly portal: SSO
  }
}

export async function startStage(): Promise<Stage> {
  const fast = { ssoTps: 1_000, ssoBurst: 1_000, identityStoreTps: 1_000, identityStoreBurst: 1_000 }
  const faster = { organizationsTps: 1_000, organizationsBurst: 1_000, iamTps: 1_000, iamBurst: 1_000 }
  const scene = await startSignInScene({ pace: 5, knobs: { ...fast, ...faster } })
  const { endpointUrl: endpoint, region, admin } = scene.sandbox
  const options = { endpoint, region, credentials: { ...admin }, maxAttempts: 1 }
  return {
    ...scene,
    aws: {
      organizations: new Organizations(options),
      identitystore: new Identitystore(options),
      sso: new SSOAdmin(options),
      iam: new IAM(options),
      sts: new STS(options),
      oidc: new SSOOIDC(options),
      portal: new SSO(options),
    },
  }
}

/** What a request that must not leave `undefined` behind found. */
export function known<Value>(value: Value | undefined | null): Value {
  if (value === undefined || value === null) throw new Error('The answer lacks what is needed next.')
  return value
}
