import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { accessListId, confirmRemovals, instantInput, name, page, pageQuery, prose, time } from './fields.ts'

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
      }),
    ),
    membershipRequires: grantsSchema,
    ownershipRequires: grantsSchema,
    grants: grantsSchema,
    ownerGrants: grantsSchema,
    frequencyMonths: z.number().int(),
    dayOfMonth: z.number().int(),
    nextAuditDate: time.optional(),
    /** Absent for mere members: they see the list, and not who else is in it. */
    memberCount: z.number().int().optional(),
    /** The server says what the viewer may do, so that no client repeats the rule. */
    may: z.object({ edit: z.boolean(), manageMembers: z.boolean() }),
  })
  .meta({ id: 'AccessList' })
export type AccessListView = z.infer<typeof accessListSchema>

export const memberSchema = z
  .object({
    /** `aws-only`: somebody whom AWS knows and Gatehouse doesn't. */
    kind: z.enum(['user', 'list', 'aws-only']),
    /** A user's name, a list's id, or AWS's id. */
    name: z.string(),
    /** The list's title, or the AWS user's name. */
    title: z.string().optional(),
    joined: time,
    expires: time.optional(),
    reason: z.string(),
    addedBy: z.string(),
  })
  .meta({ id: 'AccessListMember' })
export type MemberView = z.infer<typeof memberSchema>

const params = z.strictObject({ id: accessListId })

const listAccessLists = endpoint('GET', '/v1/access-lists', {
  summary: 'Access lists: all for administrators, otherwise those the caller owns or is in.',
  auth: 'session',
  query: z.strictObject(pageQuery),
  response: page(accessListSchema),
  status: 200,
})

const getAccessList = endpoint('GET', '/v1/access-lists/:id', {
  summary: 'One access list.',
  auth: 'session',
  params,
  response: accessListSchema,
  status: 200,
})

const listMembers = endpoint('GET', '/v1/access-lists/:id/members', {
  summary: 'The entries of an access list, expired ones included.',
  auth: 'session',
  params,
  query: z.strictObject(pageQuery),
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
  query: z.strictObject({ confirmRemovals: confirmRemovals.optional() }),
  status: 204,
})

export const accessListEndpoints = { listAccessLists, getAccessList, listMembers, addMember, removeMember }
