import { AwsError } from '../http/aws-error.ts'
import type { Knobs } from '../world/knobs.ts'
import type { Service } from '../world/operation.ts'
import { createTokenBucket, type BucketSize, type TokenBucket } from './token-bucket.ts'

/** Turns calls away that come faster than AWS takes them. */
export interface Throttle {
  /** @throws AwsError in the service's own words when there is no token left. */
  admit(service: Service | 'scim', operation: string, now: number): void
}

export function createThrottle(knobs: Knobs): Throttle {
  const buckets = new Map<string, TokenBucket>()
  return {
    admit(service, operation, now) {
      const name = bucketName(knobs, service, operation)
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
function bucketName(knobs: Knobs, service: Service | 'scim', operation: string): string {
  switch (service) {
    case 'sso-admin':
      return 'identity-center'
    case 'identitystore':
      return knobs.sharedTpsPool ? 'identity-center' : service
    case 'organizations':
    case 'iam':
      return `${service}.${operation}`
    case 'sts':
    case 'scim':
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
  }
}
