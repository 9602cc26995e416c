import { accessDenied } from '../auth/authorize.ts'
import { AwsError } from '../http/aws-error.ts'
import { invalidToken } from '../http/page.ts'
import { throttled } from '../throttle/throttle.ts'
import type { Clock } from '../world/clock.ts'
import type { Service } from '../world/operation.ts'
import type { FaultOf } from './fault.ts'
import type { Faults, FaultTarget } from './faults.ts'

const REFUSALS = ['error', 'throttle', 'access-denied', 'timeout-before-effect', 'reset-before-effect'] as const
const DENIED =
  'You are not authorized to perform this operation because of an explicit deny in a service control policy.'

interface MetBy extends FaultTarget {
  readonly service: Service | 'scim'
  /** The page token that the call carries. */
  readonly token: string | undefined
}

/** What a call meets before anything happened: it waits, is refused, or (returned) gets no answer. */
export async function meetFaultsBefore(
  faults: Faults,
  clock: Clock,
  call: MetBy,
): Promise<'no-answer' | 'reset' | undefined> {
  const slow = faults.meet(['latency'], call, clock.now())
  if (slow !== undefined) await new Promise<void>((resolve) => clock.at(clock.now() + slow.ms, resolve))
  const refusal = faults.meet(REFUSALS, call, clock.now())
  if (refusal !== undefined) return refuse(refusal, call.service)
  const expired = call.token === undefined ? undefined : faults.meet(['expired-page-token'], call, clock.now())
  if (expired !== undefined) throw invalidToken(call.service, 'The pagination token has expired.')
  return undefined
}

function refuse(fault: FaultOf<(typeof REFUSALS)[number]>, service: Service | 'scim'): 'no-answer' | 'reset' {
  switch (fault.kind) {
    case 'error':
      throw new AwsError(fault.code, fault.message, { status: fault.status })
    case 'throttle':
      throw throttled(service)
    case 'access-denied':
      throw service === 'scim'
        ? new AwsError('AccessDeniedException', 'Access denied.', { status: 403 })
        : accessDenied(service, DENIED)
    case 'timeout-before-effect':
      return 'no-answer'
    case 'reset-before-effect':
      return 'reset'
  }
}
