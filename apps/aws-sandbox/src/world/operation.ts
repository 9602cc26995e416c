import type { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import type { Caller } from './caller.ts'
import type { View } from './table.ts'
import type { World } from './world.ts'

/** `sso` is the access portal's API, as AWS's clients call it. */
export type Service = 'organizations' | 'identitystore' | 'sso-admin' | 'iam' | 'sts' | 'sso-oidc' | 'sso'

/** Prefix of the IAM actions of a service. */
export const ACTION_PREFIX: Record<Service, string> = {
  organizations: 'organizations',
  identitystore: 'identitystore',
  'sso-admin': 'sso',
  iam: 'iam',
  sts: 'sts',
  'sso-oidc': 'sso-oauth',
  sso: 'sso',
}

/** What an operation knows about the call besides its input. */
export interface Call {
  readonly requestId: string
  readonly caller: Caller
  /** One reading of the sandbox's clock for the whole call. */
  readonly now: number
  /** How old the state is that this reader sees: pass it to `table.seen(view)` in reads, use the table itself in writes. */
  readonly view: View
  /** The control API's calls: asynchronous work is done before the answer. */
  readonly immediate: boolean
}

interface OperationDefinition<Schema extends z.ZodType> {
  readonly service: Service
  readonly name: string
  /** The IAM action when it is not `<prefix>:<name>`; `none` where AWS demands no permission (GetCallerIdentity). */
  readonly action?: string
  /** Unsigned operations get the anonymous caller and are not authorized by policy. */
  readonly unsigned?: boolean
  /** Who makes an unsigned call by what it carries: throttled apart, and named in the log. */
  readonly holder?: (world: World, input: unknown) => string | undefined
  /** ARNs the caller needs the action on; `*` unless told. */
  readonly resources?: (world: World, input: z.infer<Schema>, caller: Caller) => readonly string[]
  readonly input: Schema
  /**
   * The answer as the model names its members. A `Date` becomes epoch seconds in JSON and ISO 8601 in XML; in XML an
   * array becomes `<member>`s. Changes to tables are on disk before the answer goes out, if done without awaiting between them.
   */
  readonly run: (world: World, input: z.infer<Schema>, call: Call) => object | Promise<object>
}

/** An operation after its input was read. */
export interface PreparedCall {
  readonly resources: (world: World, caller: Caller) => readonly string[]
  readonly run: (world: World, call: Call) => object | Promise<object>
}

export interface Operation {
  readonly service: Service
  readonly name: string
  /** `none`: no permission needed. */
  readonly action: string
  readonly unsigned: boolean
  readonly holder: (world: World, input: unknown) => string | undefined
  /** @throws AwsError in the words of the service when the input does not fit the model. */
  readonly prepare: (input: unknown) => PreparedCall
}

/** Every AWS operation is registered in this shape; the dispatchers in `http/` look it up by service and name. */
export function defineOperation<Schema extends z.ZodType>(definition: OperationDefinition<Schema>): Operation {
  return {
    service: definition.service,
    name: definition.name,
    action: definition.action ?? `${ACTION_PREFIX[definition.service]}:${definition.name}`,
    unsigned: definition.unsigned ?? false,
    holder: (world, input) => definition.holder?.(world, input),
    prepare(raw) {
      const parsed = definition.input.safeParse(raw)
      if (!parsed.success) throw invalidInput(definition.service, parsed.error)
      const input = parsed.data
      return {
        resources: (world, caller) => definition.resources?.(world, input, caller) ?? ['*'],
        run: (world, call) => definition.run(world, input, call),
      }
    },
  }
}

/** The error code by which each service says that its input does not fit. */
const INVALID_INPUT: Record<Service, string> = {
  organizations: 'InvalidInputException',
  identitystore: 'ValidationException',
  'sso-admin': 'ValidationException',
  iam: 'ValidationError',
  sts: 'ValidationError',
  'sso-oidc': 'InvalidRequestException',
  sso: 'InvalidRequestException',
}

function invalidInput(service: Service, error: z.ZodError): AwsError {
  const { issues } = error
  const described = issues.map((issue) => {
    const member = issue.path.join('.')
    const name = member === '' ? 'input' : member.charAt(0).toLowerCase() + member.slice(1)
    const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined')
    const constraint = isMissing ? 'Member must not be null' : issue.message
    return `Value at '${name}' failed to satisfy constraint: ${constraint}`
  })
  const count = `${issues.length} validation error${issues.length === 1 ? '' : 's'} detected`
  const members = service === 'organizations' ? { Reason: 'INVALID_PATTERN' } : {}
  return new AwsError(INVALID_INPUT[service], `${count}: ${described.join('; ')}`, { members })
}
