import { randomUUID } from 'node:crypto'
import { rootOf } from '../auth/authenticate.ts'
import type { AwsSide } from '../http/answer-aws-call.ts'
import { AwsError } from '../http/aws-error.ts'
import type { Call } from '../world/operation.ts'

/** Sees everything as it is: no change becomes visible later than this. */
const TRUTH = { now: Number.MAX_SAFE_INTEGER, staleMs: 0 }

/** Runs an operation as the management account's root, past throttles and faults; asynchronous work is done at once. */
export async function performAsRoot(side: AwsSide, service: string, name: string, input: unknown): Promise<object> {
  const operation = side.operations.get(`${service}.${name}`)
  if (operation === undefined) throw new AwsError('UnknownOperationException', `There is no ${service}.${name} here.`)
  const { world } = side
  const caller = rootOf(world.home().managementAccountId)
  const call: Call = { requestId: randomUUID(), caller, now: world.clock.now(), view: TRUTH, immediate: true }
  const answer = await operation.prepare(input).run(world, call)
  await world.commit()
  return answer
}
