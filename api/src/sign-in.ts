import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { accessRequestId, durationInput, name, page, pageQuery, time } from './fields.ts'

const assumedRequest = z.object({ id: z.string(), roles: z.array(z.string()), expiresAt: time })

export const sessionSchema = z
  .object({
    user: z.object({ id: z.string(), name: z.string() }),
    /** Names of the user's own roles and of those that lists give, now. */
    roles: z.array(z.string()),
    isEditor: z.boolean(),
    /**
     * What this person may do at all: verbs by kind, as in the rules of roles. Of kinds that are decided record by record
     * it is enough that one may be meant. Kinds without any verb are left out.
     */
    rights: z.record(z.string(), z.array(z.string())),
    cluster: z.string(),
    publicAddress: z.string(),
    startedAt: time,
    /** When the session ends at the latest. */
    validUntil: time,
    /** Approved requests that this session has assumed. Access in AWS does not depend on it. */
    assumed: z.array(assumedRequest),
    /** Approved requests of the user that are in force, assumed or not. */
    activeRequests: z.array(assumedRequest),
    /** What the user's roles want him to ask for on signing in, with `*`; absent when there is nothing. */
    requestOnSignIn: z.object({ needsReason: z.boolean(), prompts: z.array(z.string()) }).optional(),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof sessionSchema>

const signIn = endpoint('POST', '/v1/sign-in', {
  summary: 'Sign in with user name and password and get a token for the command line.',
  auth: 'public',
  body: z.strictObject({
    user: name(),
    password: z.string().min(1).max(1024),
    /** Ends the session earlier than the server would. */
    ttl: durationInput.optional(),
  }),
  /** The token goes into `Authorization: Bearer`. It is shown once and kept by the server as a hash only. */
  response: z.object({ token: z.string(), session: sessionSchema }),
  status: 200,
})

const signOut = endpoint('POST', '/v1/sign-out', {
  summary: 'End this session.',
  auth: 'session',
  status: 204,
})

const getMe = endpoint('GET', '/v1/me', {
  summary: 'Who is signed in, with which roles, and until when.',
  auth: 'session',
  response: sessionSchema,
  status: 200,
})

const changeAssumed = endpoint('POST', '/v1/session/assumed', {
  summary: 'Assume approved access requests in this session, or drop them.',
  auth: 'session',
  body: z.strictObject({
    assume: z.array(accessRequestId).max(100).default([]),
    drop: z.array(accessRequestId).max(100).default([]),
  }),
  response: sessionSchema,
  status: 200,
})

const ownSessionSchema = z
  .object({
    /** Names the session here; it is no token. */
    id: z.string(),
    /** `cli` is a sign-in of the command line. */
    kind: z.enum(['web', 'cli']),
    /** The session that asks. */
    isThis: z.boolean(),
    createdAt: time,
    /** To the minute. */
    lastSeenAt: time,
    /** When it ends at the latest. */
    validUntil: time,
    /** When it ends if nobody uses it. */
    idleUntil: time,
    /** Where it was opened from. */
    address: z.string().optional(),
    /** Which browser it is, or what the command line calls its machine; both only as they say. */
    machine: z.string().optional(),
    assumed: z.array(assumedRequest),
  })
  .meta({ id: 'OwnSession' })
export type OwnSessionView = z.infer<typeof ownSessionSchema>

const listSessions = endpoint('GET', '/v1/sessions', {
  summary: 'Where you are signed in: this session first, then the one used last.',
  auth: 'session',
  query: z.strictObject(pageQuery),
  response: page(ownSessionSchema),
  status: 200,
})

const endSession = endpoint('DELETE', '/v1/sessions/:id', {
  summary: 'End one of your sessions, this one included.',
  auth: 'session',
  params: z.strictObject({ id: name(64) }),
  status: 204,
})

const endOtherSessions = endpoint('DELETE', '/v1/sessions', {
  summary: 'End all of your sessions but this one.',
  auth: 'session',
  response: z.object({ ended: z.number() }),
  status: 200,
})

const changePassword = endpoint('POST', '/v1/me/password', {
  summary: 'Change your password. All your other sessions end.',
  auth: 'session',
  body: z.strictObject({
    current: z.string().min(1).max(1024),
    /** 12 characters or more, and not your user name. */
    password: z.string().min(1).max(1024),
  }),
  status: 204,
})

const askForDeviceCode = endpoint('POST', '/v1/device-codes', {
  summary: 'Ask to sign a command line in with a browser (RFC 8628): its person types the user code there.',
  auth: 'public',
  body: z.strictObject({
    /** What the machine calls itself; the person is shown it. */
    machine: name(64).optional(),
  }),
  response: z.object({
    /** The command line's own secret, with which it asks what has become of it. */
    deviceCode: z.string(),
    /** Eight letters such as `BCDF-GHJK`. */
    userCode: z.string(),
    /** Where the person types it. */
    verificationAddress: z.string(),
    expiresInSeconds: z.number(),
    /** How long to wait before each question. */
    intervalSeconds: z.number(),
  }),
  status: 201,
})

const redeemDeviceCode = endpoint('POST', '/v1/device-codes/redeem', {
  summary: 'Ask what has become of a device code, and get the token once somebody has confirmed it.',
  auth: 'public',
  body: z.strictObject({
    deviceCode: z.string().min(1).max(256),
    /** Ends the session earlier than the server would. */
    ttl: durationInput.optional(),
  }),
  response: z.discriminatedUnion('state', [
    /** Nobody has decided yet; `slow-down` asks for a longer wait from now on. */
    z.object({ state: z.enum(['pending', 'slow-down']), intervalSeconds: z.number() }),
    /** It will never be confirmed. */
    z.object({ state: z.enum(['refused', 'expired']) }),
    /** Said once; the token is as that of signing in with a password. */
    z.object({ state: z.literal('granted'), token: z.string(), session: sessionSchema }),
  ]),
  status: 200,
})

export const signInEndpoints = {
  signIn,
  signOut,
  getMe,
  changeAssumed,
  listSessions,
  endSession,
  endOtherSessions,
  changePassword,
  askForDeviceCode,
  redeemDeviceCode,
}
