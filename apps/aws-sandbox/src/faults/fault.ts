import { z } from 'zod'

const glob = z.string().min(1).max(100)
/** Which calls a fault meets; what is left out meets all. `*` stands for any text, `|` is between alternatives. */
const match = {
  service: glob.optional().describe('organizations, identitystore, sso-admin, iam, sts or scim'),
  operation: glob.optional().describe('CreateAccountAssignment, List*, Create*|Delete*'),
  account: glob.optional().describe('the account a call is about'),
  skip: z.number().int().nonnegative().default(0).describe('calls that fit and pass before it meets any'),
  times: z.number().int().positive().optional().describe('calls it meets before it is over'),
  durationMs: z.number().positive().optional().describe("milliseconds on the sandbox's clock until it is over"),
  probability: z.number().min(0).max(1).default(1).describe('share of the matching calls it meets'),
}
const ms = z.number().int().nonnegative()

export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...match,
    kind: z.literal('error'),
    code: z.string().min(1),
    message: z.string().default('Injected by the sandbox.'),
    status: z.number().int().min(400).max(599).default(400),
  }),
  z.strictObject({ ...match, kind: z.literal('throttle') }),
  z.strictObject({ ...match, kind: z.literal('access-denied') }),
  z.strictObject({ ...match, kind: z.literal('latency'), ms }),
  z.strictObject({ ...match, kind: z.literal('timeout-before-effect') }),
  z.strictObject({ ...match, kind: z.literal('timeout-after-effect') }),
  z.strictObject({ ...match, kind: z.literal('reset-before-effect') }),
  z.strictObject({ ...match, kind: z.literal('reset-mid-body') }),
  z.strictObject({ ...match, kind: z.literal('truncated-page') }),
  z.strictObject({ ...match, kind: z.literal('repeated-page-token') }),
  z.strictObject({ ...match, kind: z.literal('expired-page-token') }),
  z.strictObject({ ...match, kind: z.literal('empty-page-with-token') }),
  z.strictObject({ ...match, kind: z.literal('empty-list') }),
  z.strictObject({ ...match, kind: z.literal('half-list') }),
  z.strictObject({ ...match, kind: z.literal('stale-read'), ms: ms.max(120_000) }),
  z.strictObject({ ...match, kind: z.literal('success-but-absent') }),
  z.strictObject({ ...match, kind: z.literal('stuck-in-progress'), ms }),
  z.strictObject({ ...match, kind: z.literal('failed-assignment'), reason: z.string().min(1) }),
])
export type FaultDescription = z.infer<typeof faultSchema>
export type FaultKind = FaultDescription['kind']
/** A fault of one kind, with that kind's own settings. */
export type FaultOf<Kind extends FaultKind> = Extract<FaultDescription, { kind: Kind }>
