import { MAX_PENDING, MAX_REQUEST_DURATION } from '@gatehouse/domain'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import {
  accessListId,
  accessRequestId,
  duration,
  durationUpTo,
  flag,
  instantInput,
  name,
  page,
  pageQuery,
  prose,
  time,
} from './fields.ts'

/** Governance facts, "Limits". */
const MAX_REASON = 4096
const MAX_RESOURCES = 300
/** Lists that would give it for good are ranked, and so many shown. */
export const MAX_CANDIDATES = 100

const reviewSchema = z.object({
  author: z.string(),
  verdict: z.enum(['approve', 'deny', 'promote']),
  reason: z.string(),
  at: time,
  assumeStartTime: time.optional(),
  /** The only rows that it approves; absent: all. */
  rows: z.array(z.string()).optional(),
  /** What was approved has changed since, so it does not count; its author may review again. */
  void: z.boolean(),
})

const policiesSchema = z.object({
  inlinePolicy: z.string().optional(),
  managedPolicies: z.array(z.string()),
  /** Path and name. */
  customerManagedPolicies: z.array(z.string()),
  /** An ARN, or path and name. */
  permissionsBoundary: z.string().optional(),
})

/** What an approval is bound to, as AWS tells it now; for those who may review the request. */
const shownSchema = z
  .object({
    /** To be sent with an approval; absent while AWS can't be read, and then nobody can approve. */
    hash: z.string().optional(),
    problem: z.string().optional(),
    /** Where the accounts stand in the organization; what can't be read is left out. */
    accounts: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        /** Where several are enrolled. */
        organization: z.string().optional(),
        tags: z.record(z.string(), z.string()).optional(),
        /** From its own organizational unit up to the root. */
        parents: z.array(z.string()).optional(),
      }),
    ),
    /** The roles of a role request as they are written, in YAML. */
    roles: z.array(z.object({ name: z.string(), text: z.string() })),
    permissionSets: z.array(
      z.object({
        arn: z.string(),
        name: z.string(),
        organization: z.string().optional(),
        description: z.string(),
        /** ISO 8601: how long one role session lasts. */
        sessionDuration: z.string(),
        /** AWS does not have it. */
        missing: z.boolean(),
        /** Absent where Gatehouse may not read them: then nobody here knows what the set allows. */
        policies: policiesSchema.optional(),
      }),
    ),
    /** What an approver should look at twice, such as letters that look like others. */
    warnings: z.array(z.string()),
  })
  .meta({ id: 'ShownToApprover' })
export type ShownView = z.infer<typeof shownSchema>

/** What is decided one by one. */
const rowSchema = z.object({
  /** An account assignment as `<account>|<permission set ARN>`, or the name of a role. */
  id: z.string(),
  /** What people call it, and may write in its place. */
  name: z.string(),
  state: z.enum(['open', 'approved', 'denied', 'returned']),
  /** Of what was given back before its end: when, and by whom. */
  returned: z.object({ at: time, by: z.string().optional() }).optional(),
})

/** One of these thresholds has to be met; every set of a request has to be. */
const thresholdSetSchema = z.object({
  met: z.boolean(),
  thresholds: z.array(
    z.object({
      name: z.string(),
      approvals: z.number(),
      needed: z.number(),
      /** The approval rule that asks for it. */
      rule: z.string().optional(),
      /** Users, and lists by their titles, whose approvals count; absent: everybody's who may review. */
      reviewers: z.array(z.string()).optional(),
      /** It counts approvals from then on. */
      opensAt: time.optional(),
    }),
  ),
})

/** Decided here → sent to AWS → confirmed by AWS; and the same on the way out. */
export const assignmentProgressSchema = z
  .object({
    account: z.string(),
    accountName: z.string(),
    permissionSet: z.string(),
    permissionSetArn: z.string(),
    /** `proposed`: not decided yet; `waiting`: decided, though AWS can't be told yet. */
    state: z.enum(['proposed', 'saved', 'sent', 'confirmed', 'failed', 'waiting', 'ending', 'ended']),
    /** When AWS confirmed it, was last seen to agree, or was asked. */
    at: time.optional(),
    /** When AWS took the request to give it, and when AWS confirmed that; both stay when it has ended. */
    sentAt: time.optional(),
    confirmedAt: time.optional(),
    /**
     * Where it has ended: until then AWS honours credentials that were issued before, as long as the permission set lets a
     * session last. No new ones are issued since `at`.
     */
    sessionsEndBy: time.optional(),
    /** Why it failed or waits, AWS's own words where there are any. */
    reason: z.string().optional(),
  })
  .meta({ id: 'AssignmentProgress' })
export type AssignmentProgress = z.infer<typeof assignmentProgressSchema>

/** `expired`: nobody decided in time; the request is gone a little later. */
const state = z.enum(['pending', 'approved', 'denied', 'promoted', 'expired'])

const fields = {
  id: z.string(),
  user: z.string(),
  roles: z.array(z.string()),
  /** Resource ids: `/<cluster>/aws_ic_account_assignment/<account id>--<permission set>`. */
  resources: z.array(
    z.object({ id: z.string(), account: z.string(), accountName: z.string(), permissionSet: z.string() }),
  ),
  reason: z.string(),
  suggestedReviewers: z.array(z.string()),
  state,
  resolveReason: z.string().optional(),
  reviews: z.array(reviewSchema),
  createdAt: time,
  pendingUntil: time,
  /** How long the access lasts once approved. */
  duration,
  assumeStartTime: time.optional(),
  resolvedAt: time.optional(),
  startsAt: time.optional(),
  expiresAt: time.optional(),
  promotedTo: z.object({ id: z.string(), title: z.string() }).optional(),
  /** Applications that the request is for, by their names. */
  applications: z.array(z.string()),
  /** Bundles that the resources came from. */
  bundles: z.array(z.string()),
  /** The request whose access this one prolongs. */
  prolongs: z.string().optional(),
  /** Of one that prolongs and is not decided: when its access would end. */
  wouldEnd: time.optional(),
  /** The approval rule that decided by itself. */
  rule: z.string().optional(),
}
export const accessRequestSchema = z.object(fields).meta({ id: 'AccessRequest' })
export type AccessRequestView = z.infer<typeof accessRequestSchema>

const longTermSchema = z.object({
  recommended: z.object({ id: z.string(), title: z.string() }).optional(),
  canProceed: z.boolean(),
  /** Why it can not; empty when it can. */
  message: z.string(),
  lists: z
    .array(
      z.object({
        id: z.string(),
        title: z.string(),
        /** Rows that it gives, by their names. */
        gives: z.array(z.string()),
      }),
    )
    .max(MAX_CANDIDATES),
  listsTotal: z.number().int(),
})

/** What somebody has for another reason than this request. */
const heldSchema = z.object({
  items: z
    .array(
      z.object({
        account: z.string(),
        accountName: z.string(),
        permissionSet: z.string(),
        permissionSetArn: z.string(),
        /** Whether AWS has it; absent where AWS has not been read whole. */
        aws: z.enum(['confirmed', 'pending']).optional(),
        /** When it ends; absent: nothing ends it. */
        until: time.optional(),
      }),
    )
    .max(MAX_CANDIDATES),
  total: z.number().int(),
})

export const accessRequestDetailSchema = z
  .object({
    ...fields,
    /** Set on the answer to a dry run: nothing was saved. */
    dryRun: z.boolean(),
    warnings: z.array(z.string()),
    may: z.object({
      review: z.boolean(),
      promote: z.boolean(),
      delete: z.boolean(),
      /** End the access before its time. */
      return: z.boolean(),
      /** Ask for the same again before it ends. */
      prolong: z.boolean(),
    }),
    /** How long credentials that are issued already go on once the access ends, at most; where the caller may end it. */
    longestSession: z.string().optional(),
    rows: z.array(rowSchema),
    /** What it takes to be approved; empty once it is decided. */
    needs: z.array(thresholdSetSchema),
    shown: shownSchema.optional(),
    /** What the person has already in the accounts of the request; for who may review it, and for the person. */
    has: heldSchema.optional(),
    /** Of a request for membership: the lists that give some of it, the best first. */
    longTerm: longTermSchema.optional(),
    /** Lists into which this viewer could promote the requester, the best fitting first. */
    promotionCandidates: z.array(z.object({ id: z.string(), title: z.string() })).max(MAX_CANDIDATES),
    promotionCandidatesTotal: z.number().int(),
    /** Every account assignment that the request gives, and how far it has come in AWS. */
    assignments: z.array(assignmentProgressSchema),
  })
  .meta({ id: 'AccessRequestDetail' })
export type AccessRequestDetailView = z.infer<typeof accessRequestDetailSchema>

const params = z.strictObject({ id: accessRequestId })

const createAccessRequest = endpoint('POST', '/v1/access-requests', {
  summary: 'Ask for roles or for account assignments.',
  auth: 'session',
  body: z.strictObject({
    /** `*` asks for every role that may be requested. */
    roles: z.array(name()).max(300).default([]),
    resources: z.array(name(2048)).max(MAX_RESOURCES).default([]),
    reason: prose(MAX_REASON).default(''),
    suggestedReviewers: z.array(name()).max(100).default([]),
    /** How long the access should last; at most what the roles allow. */
    maxDuration: durationUpTo(MAX_REQUEST_DURATION, '14 days').optional(),
    /** How long it may wait for a decision. */
    requestTtl: durationUpTo(MAX_PENDING, '7 days').optional(),
    assumeStartTime: instantInput.optional(),
    /** Names of bundles; each stands for the account assignments that it holds now. */
    bundles: z.array(name()).max(100).default([]),
    /** Asks to become a member of a list that gives it: it can be promoted and not approved. */
    longTerm: z.boolean().default(false),
    /** A running request of one's own that is to last longer; roles and resources are its own. */
    prolongs: accessRequestId.optional(),
    /** Checks and expands the request and saves nothing. */
    dryRun: z.boolean().default(false),
  }),
  response: accessRequestDetailSchema,
  status: 201,
})

const listAccessRequests = endpoint('GET', '/v1/access-requests', {
  summary: 'Access requests that the caller may see, newest first.',
  auth: 'session',
  query: z.strictObject({
    ...pageQuery,
    /** Only the caller's own. */
    mine: flag.default(false),
    /** Only those of others that wait for the caller's review. */
    reviewable: flag.default(false),
    /** The same, and only where the caller was suggested as a reviewer. */
    suggested: flag.default(false),
    state: state.optional(),
    /** By when they were filed, or by when the access ends; with a minus the other way around, and what has no end last. */
    sort: z.enum(['filed', '-filed', 'ends', '-ends']).default('-filed'),
  }),
  response: page(accessRequestSchema),
  status: 200,
})

const getRequestCapabilities = endpoint('GET', '/v1/request-capabilities', {
  summary: 'What the caller may ask for; of somebody else for those who may read users.',
  auth: 'session',
  query: z.strictObject({ ...pageQuery, user: name().optional() }),
  /** The items are roles that may be asked for by name. */
  response: page(z.string()).extend({
    searchAsRoles: z.array(z.string()),
    suggestedReviewers: z.array(z.string()),
    /** Some of it needs a reason. */
    needsReason: z.boolean(),
    /** What one is asked for it. */
    prompts: z.array(z.string()),
  }),
  status: 200,
})

const getAccessRequest = endpoint('GET', '/v1/access-requests/:id', {
  summary: 'One access request, with what became of it in AWS.',
  auth: 'session',
  params,
  response: accessRequestDetailSchema,
  status: 200,
})

const reviewAccessRequest = endpoint('POST', '/v1/access-requests/:id/reviews', {
  summary: 'Approve or deny.',
  auth: 'session',
  params,
  body: z.strictObject({
    verdict: z.enum(['approve', 'deny']),
    reason: prose(MAX_REASON).default(''),
    assumeStartTime: instantInput.optional(),
    /** Approves only these rows, by id or by name, and denies the others. */
    rows: z.array(name(2048)).max(MAX_RESOURCES).optional(),
    /** `shown.hash` of what the reviewer looked at; an approval needs it. */
    shown: z.string().max(128).optional(),
  }),
  response: accessRequestDetailSchema,
  status: 201,
})

const returnAccess = endpoint('POST', '/v1/access-requests/:id/return', {
  summary: 'End approved access before its time.',
  auth: 'session',
  params,
  body: z.strictObject({
    /** Only these rows, by id or by name; absent: all. */
    rows: z.array(name(2048)).max(MAX_RESOURCES).optional(),
  }),
  response: accessRequestDetailSchema,
  status: 200,
})

const promoteAccessRequest = endpoint('POST', '/v1/access-requests/:id/promotion', {
  summary: 'Answer a request with lasting access: the requester becomes a member of a list.',
  auth: 'session',
  params,
  body: z.strictObject({
    list: accessListId,
    expires: instantInput.optional(),
    reason: prose(MAX_REASON).default(''),
  }),
  response: accessRequestDetailSchema,
  status: 201,
})

const deleteAccessRequest = endpoint('DELETE', '/v1/access-requests/:id', {
  summary: 'Withdraw a request; access that it gives ends.',
  auth: 'session',
  params,
  status: 204,
})

export const accessRequestEndpoints = {
  createAccessRequest,
  listAccessRequests,
  getRequestCapabilities,
  getAccessRequest,
  reviewAccessRequest,
  returnAccess,
  promoteAccessRequest,
  deleteAccessRequest,
}
