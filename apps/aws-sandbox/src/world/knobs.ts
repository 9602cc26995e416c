import { z } from 'zod'

const seconds = (first: number, last: number) => z.tuple([z.number(), z.number()]).default([first, last])

/**
 * What AWS does not publish, or what a test wants otherwise. Each default is the best guess we know of; each may be
 * changed at the start (`--knob name=value`) and while the sandbox runs (`PATCH /knobs`).
 */
export const knobsSchema = z.strictObject({
  // Pace of asynchronous work, in milliseconds: [shortest, longest], drawn evenly.
  durationAssign: seconds(2_000, 5_000).describe('ms, principal added to a permission set the account already has'),
  durationProvision: seconds(5_000, 15_000).describe('ms, first use of a permission set in an account'),
  durationDelete: seconds(3_000, 8_000).describe('ms, assignment deleted'),
  durationReprovision: seconds(3_000, 10_000).describe('ms, ProvisionPermissionSet, per account'),
  durationTail: seconds(30_000, 60_000).describe('ms, a slow one'),
  tailProbability: z.number().min(0).max(1).default(0.01).describe('how often an operation is a slow one'),
  durationSeed: z.string().default('gatehouse').describe('what the durations and lags are drawn from'),

  // Quotas.
  ssoTps: z.number().positive().default(20).describe('calls per second of all sso-admin operations together'),
  ssoBurst: z.number().positive().default(20).describe('calls that may come at once'),
  identityStoreTps: z.number().positive().default(20).describe('calls per second of the Identity Store API'),
  identityStoreBurst: z.number().positive().default(20),
  sharedTpsPool: z.boolean().default(false).describe('sso-admin and Identity Store draw from one bucket'),
  organizationsListTps: z.number().positive().default(8).describe('calls per second of Organizations list operations'),
  organizationsListBurst: z.number().positive().default(12),
  organizationsTps: z.number().positive().default(20).describe('calls per second of other Organizations operations'),
  organizationsBurst: z.number().positive().default(30),
  iamTps: z.number().positive().default(20).describe('calls per second of each IAM operation'),
  iamBurst: z.number().positive().default(40),
  stsTps: z.number().positive().default(600).describe('calls per second of STS'),
  scimTps: z.number().positive().default(25).describe('calls per second of the SCIM endpoint'),
  scimBurst: z.number().positive().default(25),
  oidcTps: z.number().positive().default(50).describe('calls per second of the OIDC endpoint'),
  oidcBurst: z.number().positive().default(100),
  portalTps: z.number().positive().default(10).describe('calls per second of the portal API, for each user'),
  portalBurst: z.number().positive().default(10),
  asyncCap: z.number().int().positive().default(10).describe('account assignment requests IN_PROGRESS at once'),
  deletesShareCap: z.boolean().default(true).describe('deletions count against the cap too'),
  provisionsShareCap: z.boolean().default(false).describe('ProvisionPermissionSet counts against the cap too'),

  // Read lag, in milliseconds: how long readers go on seeing the state before a write.
  organizationsLag: seconds(0, 0),
  identityStoreLag: seconds(0, 2_000),
  ssoLag: seconds(0, 2_000),
  iamLag: seconds(0, 2_000).describe('IAM reads and STS trust'),

  // Semantics on which the documents are silent or users disagree.
  principalListing: z
    .enum(['effective', 'direct'])
    .default('effective')
    .describe("effective: a USER's list has group rows"),
  delegatedAdminMayListForPrincipal: z.boolean().default(true),
  unknownPrincipal: z.enum(['refuse', 'fail']).default('refuse').describe('at the call, or later as FAILED'),
  deleteOfAbsent: z.enum(['refuse', 'fail']).default('refuse').describe('at the call, or later as FAILED'),
  samePairWrites: z
    .enum(['queue', 'conflict'])
    .default('queue')
    .describe('other principals on an (account, set) in work'),
  emptyPages: z.number().min(0).max(1).default(0).describe('how often a list answers an empty page with a token first'),
  shortPages: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('how often a page is shorter than asked for although more follows'),
  pageTokenLifetime: z.number().positive().default(3_600_000).describe('ms until a page token expires'),
  caseSensitiveNames: z.boolean().default(false).describe('two user or group names may differ in letter case only'),
  sendAccountStatus: z.boolean().default(true).describe('send the retired Account.Status beside State'),
  firstAssignmentFails: z
    .boolean()
    .default(false)
    .describe('the first assignment in a newly created account ends FAILED'),
  roleQuota: z.number().int().positive().default(1_000).describe('IAM roles per account'),
  directoryPassword: z
    .string()
    .default('')
    .describe('signs in every user of the directory without a password of their own'),
  abacPrecedence: z.enum(['configured', 'asserted']).default('configured').describe('which attribute wins on one key'),
  allowInsecureIssuers: z
    .boolean()
    .default(true)
    .describe('OIDC issuers on http or with a port; real IAM refuses them'),
  // Sign-in and its tokens, in milliseconds.
  portalSessionDuration: z
    .number()
    .positive()
    .default(28_800_000)
    .describe('ms, the longest sign-in at the access portal'),
  authnRequestLifetime: z.number().positive().default(600_000).describe('ms, for the identity provider to answer'),
  samlClockSkew: z.number().min(0).default(0).describe("ms by which the identity provider's clock may differ"),
  accessTokenLifetime: z.number().positive().default(3_600_000).describe('ms, of an access token that can be renewed'),
  soleAccessTokenLifetime: z
    .number()
    .positive()
    .default(28_800_000)
    .describe('ms, of an access token without a refresh token'),
  deviceCodeLifetime: z.number().positive().default(600_000).describe('ms, to confirm a device'),
  deviceInterval: z.number().positive().default(1).describe('seconds between polls, as devices are told'),
  devicePollBurst: z.number().positive().default(3).describe('polls that may come sooner before SlowDownException'),
  authorizationCodeLifetime: z.number().positive().default(600_000).describe('ms, from consent to CreateToken'),
  requireSignatures: z.boolean().default(true).describe('false: unsigned calls act as the management account root'),
})
export type Knobs = z.infer<typeof knobsSchema>

/** How long asynchronous work takes. A pace never changes a quota. */
export function paceKnobs(pace: 'aws' | 'demo' | number): Partial<Knobs> {
  if (pace === 'aws') return {}
  const [first, last] = pace === 'demo' ? [1_000, 3_000] : [pace, pace]
  const range: [number, number] = [first, last]
  return {
    durationAssign: range,
    durationProvision: range,
    durationDelete: range,
    durationReprovision: range,
    tailProbability: 0,
  }
}

/** A knob as text, from the command line: `25`, `0,500` (a range), `true`, `direct`. @throws Error that says what it takes. */
export function parseKnob(name: string, text: string): unknown {
  const values = [readRange(text), readNumber(text), readBoolean(text), text].filter((value) => value !== undefined)
  for (const value of values) {
    const parsed = knobsSchema.safeParse({ [name]: value })
    if (parsed.success) return value
  }
  throw new Error(`${name} does not take "${text}".`)
}

function readRange(text: string): [number, number] | undefined {
  const [, first, last] = /^(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/.exec(text) ?? []
  return first === undefined || last === undefined ? undefined : [Number(first), Number(last)]
}

function readNumber(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
}

function readBoolean(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined
}
