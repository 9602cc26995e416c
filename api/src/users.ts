import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { confirmRemovals, name, page, pageQuery, prose, time, traits } from './fields.ts'

export const userSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    roles: z.array(z.string()),
    traits: z.record(z.string(), z.array(z.string())),
    labels: z.record(z.string(), z.string()),
    createdAt: time,
    locked: z.boolean(),
    /** Why the user is not pushed to AWS, where that is so. */
    notPushed: z.string().optional(),
  })
  .meta({ id: 'User' })
export type UserView = z.infer<typeof userSchema>

export const userDetailSchema = userSchema
  .extend({
    /** Lists that the user counts in now, of those the viewer may see. */
    lists: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        as: z.enum(['member', 'owner']),
        /** False where it is through another list. */
        direct: z.boolean(),
        until: time.optional(),
      }),
    ),
  })
  .meta({ id: 'UserDetail' })
export type UserDetailView = z.infer<typeof userDetailSchema>

export const passwordLinkSchema = z
  .object({
    user: z.string(),
    /** Works once. Shown once: the server keeps a hash of it only. */
    url: z.string(),
    expiresAt: time,
  })
  .meta({ id: 'PasswordLink' })
export type PasswordLinkView = z.infer<typeof passwordLinkSchema>

const params = z.strictObject({ name: name() })

const createUser = endpoint('POST', '/v1/users', {
  summary: 'Add a user, and make the one-time link with which they set their password.',
  auth: 'rule',
  needs: { verb: 'create', kind: 'user' },
  body: z.strictObject({
    name: name(),
    roles: z.array(name()).max(1000).default([]),
    traits: traits.default({}),
  }),
  response: z.object({ user: userSchema, link: passwordLinkSchema, warnings: z.array(z.string()) }),
  status: 201,
})

const listUsers = endpoint('GET', '/v1/users', {
  summary: 'All users.',
  auth: 'rule',
  needs: { verb: 'list', kind: 'user' },
  query: z.strictObject({
    ...pageQuery,
    /** Only users whose name holds this text, ignoring case. */
    search: prose(256).optional(),
    /** By name or by when they were made; with a minus the other way around. */
    sort: z.enum(['name', '-name', 'created', '-created']).default('name'),
  }),
  response: page(userSchema),
  status: 200,
})

const getUser = endpoint('GET', '/v1/users/:name', {
  summary: 'One user, with the lists the user is in.',
  auth: 'rule',
  needs: { verb: 'read', kind: 'user' },
  params,
  response: userDetailSchema,
  status: 200,
})

const deleteUser = endpoint('DELETE', '/v1/users/:name', {
  summary: 'Delete a user: out of every list, signed out everywhere, and out of AWS if Gatehouse made the user there.',
  auth: 'rule',
  needs: { verb: 'delete', kind: 'user' },
  params,
  query: z.strictObject({ confirmRemovals: confirmRemovals.optional() }),
  status: 204,
})

const createPasswordLink = endpoint('POST', '/v1/users/:name/password-link', {
  summary: 'Make a one-time link with which the user sets a new password.',
  auth: 'rule',
  needs: { verb: 'update', kind: 'user' },
  params,
  response: passwordLinkSchema,
  status: 201,
})

export const userEndpoints = { createUser, listUsers, getUser, deleteUser, createPasswordLink }
