import { AwsError } from '../http/aws-error.ts'
import type { Knobs } from '../world/knobs.ts'
import type { Service } from '../world/operation.ts'
import { createTokenBucket, type BucketSize, type TokenBucket } from './token-bucket.ts'

/** Turns calls away that come faster than AWS takes them. */
export interface Throttle {
  /**
   * @param holder on whose account the call goes, where a service counts each apart
   * @throws AwsError in the service's own words when there is no token left.
   */
  admit(service: Service | 'scim', operation: string, now: number, holder?: string): void
}

export function createThrottle(knobs: Knobs): Throttle {
  const buckets = new Map<string, TokenBucket>()
  return {
    admit(service, operation, now, holder = '') {
      const name = bucketName(knobs, { service, operation, holder })
      const bucket = buckets.get(name) ?? createTokenBucket(() => bucketSize(knobs, service, operation))
      buckets.set(name, bucket)
      if (!bucket.take(now)) throw throttled(service)
    },
  }
}

/**
 * All Identity Center APIs of an instance share one bucket, whoever calls (IAM Identity Center User Guide, "Quotas").
 * What is counted together elsewhere is unpublished.
 */
function bucketName(
  knobs: Knobs,
  { service, operation, holder }: { service: Service | 'scim'; operation: string; holder: string },
): string {
  switch (service) {
    case 'sso-admin':
      return 'identity-center'
    case 'identitystore':
      return knobs.sharedTpsPool ? 'identity-center' : service
    case 'organizations':
    case 'iam':
      return `${service}.${operation}`
    case 'sso':
      return `${service}/${holder}`
    case 'sts':
    case 'scim':
    case 'sso-oidc':
      return service
  }
}

function bucketSize(knobs: Knobs, service: Service | 'scim', operation: string): BucketSize {
  switch (service) {
    case 'sso-admin':
      return { perSecond: knobs.ssoTps, burst: knobs.ssoBurst }
    case 'identitystore':
      return knobs.sharedTpsPool
        ? { perSecond: knobs.ssoTps, burst: knobs.ssoBurst }
        : { perSecond: knobs.identityStoreTps, burst: knobs.identityStoreBurst }
    case 'organizations':
      return operation.startsWith('List')
        ? { perSecond: knobs.organizationsListTps, burst: knobs.organizationsListBurst }
        : { perSecond: knobs.organizationsTps, burst: knobs.organizationsBurst }
    case 'iam':
      return { perSecond: knobs.iamTps, burst: knobs.iamBurst }
    case 'sts':
      return { perSecond: knobs.stsTps, burst: knobs.stsTps }
    case 'scim':
      return { perSecond: knobs.scimTps, burst: knobs.scimBurst }
    case 'sso-oidc':
      return { perSecond: knobs.oidcTps, burst: knobs.oidcBurst }
    case 'sso':
      return { perSecond: knobs.portalTps, burst: knobs.portalBurst }
  }
}

export function throttled(service: Service | 'scim'): AwsError {
  switch (service) {
    case 'sso-admin':
    case 'identitystore':
      return new AwsError('ThrottlingException', 'Rate exceeded')
    case 'organizations':
      return new AwsError(
        'TooManyRequestsException',
        "AWS Organizations can't process this many requests. Slow down.",
        {
          members: { Type: 'RATE' },
        },
      )
    case 'iam':
    case 'sts':
      return new AwsError('Throttling', 'Rate exceeded')
    case 'scim':
      return new AwsError('ThrottlingException', 'Too many requests. Slow down.', { status: 429 })
    case 'sso-oidc':
      return new AwsError('SlowDownException', 'Too many requests. Slow down.')
    case 'sso':
      return new AwsError('TooManyRequestsException', 'Too many requests. Slow down.', { status: 429 })
  }
}
