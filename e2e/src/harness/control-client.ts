import { z } from 'zod'

// Only what a program of ours reads; the sandbox's README has the rest.
const assignmentSchema = z.object({
  accountId: z.string(),
  accountName: z.string().optional(),
  permissionSetArn: z.string(),
  permissionSet: z.string().optional(),
  principalType: z.enum(['USER', 'GROUP']),
  principalId: z.string(),
  principalName: z.string().optional(),
})
const userSchema = z.object({
  id: z.string(),
  userName: z.string(),
  active: z.boolean(),
  groups: z.array(z.string()),
  assignments: z.array(assignmentSchema),
})
const groupSchema = z.object({
  id: z.string(),
  displayName: z.string(),
  members: z.array(z.string()),
  assignments: z.array(assignmentSchema),
})
const worldSchema = z.object({
  accounts: z.array(
    z.object({ id: z.string(), name: z.string(), state: z.string(), tags: z.record(z.string(), z.string()) }),
  ),
  permissionSets: z.array(z.object({ arn: z.string(), name: z.string(), description: z.string().optional() })),
  users: z.array(userSchema),
  groups: z.array(groupSchema),
  assignments: z.array(assignmentSchema),
  inFlight: z.array(z.unknown()),
})
const callsSchema = z.object({
  total: z.number(),
  actions: z.record(z.string(), z.object({ total: z.number(), outcomes: z.record(z.string(), z.number()) })),
  services: z.record(z.string(), z.number()),
  peakCallsPerSecond: z.record(z.string(), z.number()),
  peakAdmittedPerSecond: z.record(z.string(), z.number()),
  peakInFlight: z.number(),
  peakConcurrentCalls: z.number(),
})
const loggedCallSchema = z.object({
  at: z.number(),
  durationMs: z.number(),
  service: z.string(),
  operation: z.string(),
  account: z.string().optional(),
  caller: z.string().optional(),
  outcome: z.string(),
})
const identitySourceSchema = z.object({
  kind: z.string(),
  serviceProvider: z.object({ entityId: z.string(), acsUrl: z.string(), metadataUrl: z.string() }),
})
const signInSchema = z.object({
  at: z.number(),
  outcome: z.enum(['signed-in', 'refused']),
  userName: z.string().optional(),
  /** Why it was refused, which the page does not say. */
  reason: z.string().optional(),
})
const faultSchema = z.looseObject({ id: z.string(), kind: z.string() })

export type SandboxAssignment = z.infer<typeof assignmentSchema>
export type AwsService = 'organizations' | 'identitystore' | 'sso-admin' | 'iam' | 'sts'

/** A fault as the sandbox's README lists them, with that kind's own settings beside these. */
export interface Fault {
  readonly kind: string
  readonly service?: string
  readonly operation?: string
  readonly account?: string
  readonly times?: number
  readonly durationMs?: number
  readonly probability?: number
  readonly [setting: string]: string | number | undefined
}

export type ControlClient = ReturnType<typeof createControlClient>

/** Looks into the sandbox's world as it is, without lag, rights or quotas, and changes it behind Gatehouse's back. */
export function createControlClient(controlUrl: string) {
  const call = async <T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(controlUrl + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`The sandbox's ${method} ${path} answered ${response.status}: ${text}`)
    return schema.parse(text === '' ? undefined : JSON.parse(text))
  }
  const name = encodeURIComponent
  return {
    health: () => call(z.object({ ok: z.boolean(), now: z.number() }), 'GET', '/health'),
    world: () => call(worldSchema, 'GET', '/world'),
    assignments: () => call(z.array(assignmentSchema), 'GET', '/assignments'),
    inFlight: () => call(z.array(z.unknown()), 'GET', '/in-flight'),
    user: (userName: string) => call(userSchema, 'GET', `/users/${name(userName)}`),
    group: (displayName: string) => call(groupSchema, 'GET', `/groups/${name(displayName)}`),
    calls: () => call(callsSchema, 'GET', '/calls'),
    resetCalls: () => call(callsSchema, 'POST', '/calls/reset'),
    lastCalls: (count: number) => call(z.array(loggedCallSchema), 'GET', `/calls/log?last=${count}`),
    /** Any AWS operation as the management account's root; asynchronous work is done before the answer. */
    perform: (service: AwsService, operation: string, input: object) =>
      call(z.unknown(), 'POST', '/do', { service, operation, input }),
    identitySource: () => call(identitySourceSchema, 'GET', '/identity-source'),
    trustIdentityProvider: (metadata: string, binding: 'redirect' | 'post' = 'redirect') =>
      call(z.unknown(), 'PUT', '/identity-provider', { metadata, binding }),
    signIns: (count: number) => call(z.array(signInSchema), 'GET', `/sign-ins?last=${count}`),
    setAccountState: (account: string, state: 'ACTIVE' | 'SUSPENDED') =>
      call(z.unknown(), 'POST', `/accounts/${name(account)}/state`, { state }),
    removeAccount: (account: string) => call(z.unknown(), 'DELETE', `/accounts/${name(account)}`),
    setKnobs: (knobs: Readonly<Record<string, unknown>>) => call(z.unknown(), 'PATCH', '/knobs', knobs),
    addFault: (fault: Fault) => call(faultSchema, 'POST', '/faults', fault),
    faults: () => call(z.array(faultSchema), 'GET', '/faults'),
    clearFaults: () => call(z.unknown(), 'DELETE', '/faults'),
  }
}
