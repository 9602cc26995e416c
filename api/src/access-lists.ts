import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import {
  accessListId,
  confirmRemovals,
  duration,
  instantInput,
  name,
  page,
  pageQuery,
  prose,
  removals,
  time,
  traits,
} from './fields.ts'

const grantsSchema = z.object({ roles: z.array(z.string()), traits: z.record(z.string(), z.array(z.string())) })

export const accessListSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    type: z.string(),
    labels: z.record(z.string(), z.string()),
    /** `name` is a user's name or a list's id; `title` is set for lists. */
    owners: z.array(
      z.object({
        kind: z.enum(['user', 'list']),
        name: z.string(),
        title: z.string().optional(),
        description: z.string(),
        /** Why the owner does not count now; absent where he does. */
        ineligible: z.string().optional(),
      }),
    ),
    membershipRequires: grantsSchema,
    ownershipRequires: grantsSchema,
    grants: grantsSchema,
    ownerGrants: grantsSchema,
    frequencyMonths: z.number().int(),
    dayOfMonth: z.number().int(),
    nextAuditDate: time.optional(),
    /** Where it stands with its review; absent for lists that are kept elsewhere. */
    review: z
      .object({
        state: z.enum(['later', 'open', 'overdue']),
        dueAt: time,
        /** From then on it is up for review. */
        opensAt: time,
        /** When it stops giving anything unless it is reviewed before; absent when it never does. */
        suspendsAt: time.optional(),
        suspended: z.boolean(),
        requiredReviewers: z.number().int(),
        /** Whom the review goes to as well when it has been overdue for so long. */
        escalation: z.object({ after: duration, to: z.array(z.string()) }).optional(),
        /** Who has reviewed it already, while others still have to. */
        signedOffBy: z.array(z.string()),
      })
      .optional(),
    /** Another one for each change of the list or of who is in it. */
    revision: z.number().int(),
    /** Absent for mere members: they see the list, and not who else is in it. */
    memberCount: z.number().int().optional(),
    /** The server says what the viewer may do, so that no client repeats the rule. */
    may: z.object({ edit: z.boolean(), manageMembers: z.boolean(), review: z.boolean() }),
  })
  .meta({ id: 'AccessList' })
export type AccessListView = z.infer<typeof accessListSchema>

const otherList = z.object({ id: z.string(), title: z.string() })

export const accessListDetailSchema = accessListSchema
  .extend({
    /** Lists that this one is in, and lists that it owns, of those the viewer may see. */
    memberOf: z.array(otherList),
    ownerOf: z.array(otherList),
    /** Its groups in AWS, organization by organization; without an id where AWS has none yet. */
    groups: z.array(
      z.object({
        organization: z.string(),
        side: z.enum(['members', 'owners']),
        name: z.string(),
        id: z.string().optional(),
        /** `adopted`: it was found in AWS and taken over. */
        origin: z.enum(['created', 'adopted']).optional(),
        /** How many AWS had in it when it was last read, and when that was; absent before, where it had no such group, and for mere members. */
        memberCount: z.number().int().optional(),
        readAt: time.optional(),
        /** Changes of it that are on their way to AWS; absent without an id. */
        pending: z.number().int().optional(),
        /** Changes that AWS has refused and that are tried again, and what it said of the latest. */
        failed: z.number().int().optional(),
        error: z.string().optional(),
      }),
    ),
    /**
     * Who was taken out of one of its groups, lost access by that as AWS was last read, and may have credentials that AWS
     * issued before: the latest 50, for those who see who is in it.
     */
    departures: z.array(
      z.object({
        user: z.string(),
        organization: z.string(),
        /** When AWS confirmed it: no new credentials through the group since. */
        confirmedAt: time,
        /**
         * Credentials already issued end by then at the latest, by the sessions of the permission sets as they are now; where
         * nobody knows what the group gave, by the longest session that AWS allows.
         */
        sessionsEndBy: time,
      }),
    ),
  })
  .meta({ id: 'AccessListDetail' })
export type AccessListDetailView = z.infer<typeof accessListDetailSchema>

export const memberSchema = z
  .object({
    /** `aws-only`: somebody whom AWS knows and Gatehouse doesn't. */
    kind: z.enum(['user', 'list', 'aws-only']),
    /** A user's name, a list's id, or the AWS user's name. */
    name: z.string(),
    /** The list's title, or the AWS user's name. */
    title: z.string().optional(),
    joined: time,
    expires: time.optional(),
    reason: z.string(),
    addedBy: z.string(),
    /** Why the entry does not count now; absent where it does. */
    ineligible: z.string().optional(),
  })
  .meta({ id: 'AccessListMember' })
export type MemberView = z.infer<typeof memberSchema>

export const accessListReviewSchema = z
  .object({
    id: z.string(),
    list: z.string(),
    /** `system` for a list that nobody was in. */
    reviewers: z.array(z.string()),
    reviewDate: time,
    notes: z.string(),
    changes: z.object({
      removedMembers: z.array(z.string()),
      /** Whom the system that keeps the members has to take out. */
      askedRemovals: z.array(z.string()).optional(),
      membershipRequires: grantsSchema.optional(),
      frequencyMonths: z.number().int().optional(),
      dayOfMonth: z.number().int().optional(),
    }),
    /** The date it set; absent where somebody else has to review the list as well. */
    nextAuditDate: time.optional(),
  })
  .meta({ id: 'AccessListReview' })
export type AccessListReviewView = z.infer<typeof accessListReviewSchema>

export const reviewRowSchema = memberSchema
  .extend({
    /** When the user last signed in here; absent for others and for those who never did. */
    lastSignIn: time.optional(),
    /** How many people are behind the entry. */
    people: z.number().int(),
    /** What the user then holds in no other way; of a list, what it gives those who are in it. At most 50 of them. */
    loses: z.array(
      z.object({
        account: z.object({ id: z.string(), name: z.string() }),
        permissionSet: z.object({ arn: z.string(), name: z.string() }),
      }),
    ),
    losesCount: z.number().int(),
    /** How long credentials that are issued already go on, at most; absent where nothing would be lost. */
    longestSession: z.string().optional(),
  })
  .meta({ id: 'AccessListReviewRow' })
export type ReviewRowView = z.infer<typeof reviewRowSchema>

const params = z.strictObject({ id: accessListId })
/** A user's name, a list's id, or AWS's name; with the kind where several members are called the same. */
const namedMember = z.union([name(), z.strictObject({ name: name(), kind: memberSchema.shape.kind })], {
  error: 'a name, or a name and a kind ("user", "list" or "aws-only")',
})

const listAccessLists = endpoint('GET', '/v1/access-lists', {
  summary: 'Access lists: all for administrators, otherwise those the caller owns or is in.',
  auth: 'session',
  query: z.strictObject({
    ...pageQuery,
    /** Only lists up for review or overdue, only overdue ones, or of the former those that the caller may review. */
    review: z.enum(['due', 'overdue', 'mine']).optional(),
    /** Only lists whose title, id or description holds this text, ignoring case. */
    search: prose(256).optional(),
    /** By title, by how many are in it as far as the caller may see that, or by the next review; with a minus the other way around. */
    sort: z.enum(['title', '-title', 'members', '-members', 'review', '-review']).default('title'),
  }),
  response: page(accessListSchema),
  status: 200,
})

const getAccessList = endpoint('GET', '/v1/access-lists/:id', {
  summary: 'One access list.',
  auth: 'session',
  params,
  response: accessListDetailSchema,
  status: 200,
})

const listMembers = endpoint('GET', '/v1/access-lists/:id/members', {
  summary: 'The entries of an access list, expired ones included.',
  auth: 'session',
  params,
  query: z.strictObject({
    ...pageQuery,
    kind: memberSchema.shape.kind.optional(),
    /** Only entries whose name or title holds this text, ignoring case. */
    search: prose(256).optional(),
    /** By name, or by when they joined or end; with a minus the other way around, and who has no end last. */
    sort: z.enum(['name', '-name', 'joined', '-joined', 'expires', '-expires']).default('name'),
  }),
  response: page(memberSchema),
  status: 200,
})

const addMember = endpoint('POST', '/v1/access-lists/:id/members', {
  summary: 'Add a user or another list; an entry that is there already is changed.',
  auth: 'session',
  params,
  body: z.strictObject({
    kind: z.enum(['user', 'list']).default('user'),
    name: name(),
    expires: instantInput.optional(),
    reason: prose(4096).default(''),
  }),
  response: memberSchema,
  status: 201,
})

const removeMember = endpoint('DELETE', '/v1/access-lists/:id/members/:member', {
  summary: 'Take a user or a list out.',
  auth: 'session',
  params: z.strictObject({ id: accessListId, member: name() }),
  query: z.strictObject({
    confirmRemovals: confirmRemovals.optional(),
    /** Which one is meant where several are called the same. */
    kind: memberSchema.shape.kind.optional(),
  }),
  status: 204,
})

const removeMembers = endpoint('POST', '/v1/access-lists/:id/member-removals', {
  summary: 'Take users and lists out: all of them, or none.',
  auth: 'session',
  params,
  bodyLimit: 4 * 1024 * 1024,
  body: z.strictObject({
    /** The same one twice is one. */
    members: z.array(namedMember).min(1).max(10_000),
    confirmRemovals: confirmRemovals.optional(),
    /** Says what would come of it; nothing is saved. */
    dryRun: z.boolean().default(false),
  }),
  response: z.object({
    dryRun: z.boolean(),
    /** How many entries went. */
    removed: z.number().int(),
    removals,
    /** How long credentials that are issued already go on, at most; absent where nothing is lost. */
    longestSession: z.string().optional(),
  }),
  status: 200,
})

const listAccessListReviews = endpoint('GET', '/v1/access-lists/:id/reviews', {
  summary: 'The reviews of an access list, newest first.',
  auth: 'session',
  params,
  query: z.strictObject(pageQuery),
  response: page(accessListReviewSchema),
  status: 200,
})

const createAccessListReview = endpoint('POST', '/v1/access-lists/:id/reviews', {
  summary: "File the caller's own review of an access list.",
  auth: 'session',
  params,
  body: z.strictObject({
    notes: prose(4096).default(''),
    /** Names of users, ids of lists. */
    removeMembers: z.array(namedMember).max(10_000).default([]),
    membershipRequires: z.strictObject({ roles: z.array(name()).max(100), traits }).optional(),
    frequencyMonths: z.literal([1, 3, 6, 12]).optional(),
    /** 31 is the last day of the month. */
    dayOfMonth: z.literal([1, 15, 31]).optional(),
    /** The list that was looked at; refused as `stale` when there is another by now. */
    revision: z.number().int().optional(),
    confirmRemovals: confirmRemovals.optional(),
  }),
  response: z.object({
    review: accessListReviewSchema,
    /** What is missing before the review is complete. */
    waitingFor: z.string().optional(),
  }),
  status: 201,
})

const listReviewRows = endpoint('GET', '/v1/access-lists/:id/review-rows', {
  summary: 'The entries of an access list with what a reviewer has to know of each.',
  auth: 'session',
  params,
  query: z.strictObject({
    ...pageQuery,
    /** Only this entry: a user's name, a list's id or AWS's id. */
    member: name().optional(),
  }),
  response: page(reviewRowSchema),
  status: 200,
})

export const accessListEndpoints = {
  listAccessLists,
  getAccessList,
  listMembers,
  addMember,
  removeMember,
  removeMembers,
  listAccessListReviews,
  createAccessListReview,
  listReviewRows,
}
