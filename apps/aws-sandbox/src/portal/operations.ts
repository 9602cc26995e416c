import { z } from 'zod'
import { AwsError } from '../http/aws-error.ts'
import { pageOf, type PageRequest } from '../http/page.ts'
import { endSession } from '../sign-in/sessions.ts'
import { accountIdSchema, text, wholeNumber } from '../world/input.ts'
import { defineOperation, type Call, type Operation } from '../world/operation.ts'
import type { World } from '../world/world.ts'
import { findAccess, listAccess } from './access.ts'
import { findHolder, getBearer } from './bearer.ts'
import { createCredentials } from './create-credentials.ts'

/** AWS SSO Portal API Reference, ListAccounts: at most 100 rows; how many without max_result is not said. */
const ROWS_PER_PAGE = 100

const common = { accessToken: z.string().optional(), region: z.string().optional() }
const paged = { ...common, nextToken: text(0, 4_096).optional(), maxResults: wholeNumber(1, ROWS_PER_PAGE).optional() }

const listAccounts = defineOperation({
  service: 'sso',
  name: 'ListAccounts',
  unsigned: true,
  holder: findHolder,
  input: z.object(paged),
  run(world, input, call) {
    const { user } = getBearer(world, input, call.now)
    const ids = new Set(listAccess(world, user.id, call.view).map(({ accountId }) => accountId))
    const accounts = [...ids].flatMap((id) => world.accounts.get(id) ?? [])
    const { rows, nextToken } = page(world, call, { rows: accounts, keyOf: ({ id }) => id, scope: [user.id] }, input)
    const accountList = rows.map(({ id, name, email }) => ({ accountId: id, accountName: name, emailAddress: email }))
    return { nextToken, accountList }
  },
})

const listAccountRoles = defineOperation({
  service: 'sso',
  name: 'ListAccountRoles',
  unsigned: true,
  holder: findHolder,
  input: z.object({ ...paged, accountId: accountIdSchema }),
  run(world, input, call) {
    const { user } = getBearer(world, input, call.now)
    const { accountId } = input
    const here = listAccess(world, user.id, call.view).filter((access) => access.accountId === accountId)
    if (here.length === 0) throw noAccess()
    const roles = here.map(({ permissionSet }) => ({ roleName: permissionSet.name, accountId }))
    const list = { rows: roles, keyOf: (row: { roleName: string }) => row.roleName, scope: [user.id, accountId] }
    const { rows, nextToken } = page(world, call, list, input)
    return { nextToken, roleList: rows }
  },
})

const getRoleCredentials = defineOperation({
  service: 'sso',
  name: 'GetRoleCredentials',
  unsigned: true,
  holder: findHolder,
  input: z.object({ ...common, accountId: accountIdSchema, roleName: text(1, 64) }),
  run(world, input, { now, view }) {
    const { user, token } = getBearer(world, input, now)
    const access = findAccess(
      world,
      { userId: user.id, accountId: input.accountId, permissionSet: input.roleName },
      view,
    )
    const made =
      access === undefined ? undefined : createCredentials(world, { access, user, asserted: token.tags }, now)
    if (made === undefined) throw noAccess()
    const { accessKeyId, secret: secretAccessKey, token: sessionToken, expiresAt: expiration } = made.session
    return { roleCredentials: { accessKeyId, secretAccessKey, sessionToken, expiration } }
  },
})

/** Ends the sign-in that the token came from, and the token. Role credentials run on. */
const logout = defineOperation({
  service: 'sso',
  name: 'Logout',
  unsigned: true,
  holder: findHolder,
  input: z.object(common),
  run(world, input, { now }) {
    const { token } = getBearer(world, input, now)
    world.accessTokens.delete(token.token)
    endSession(world, token.sessionId)
    return {}
  },
})

/** What the access portal answers to CLIs and SDKs. */
export const portalOperations: readonly Operation[] = [listAccounts, listAccountRoles, getRoleCredentials, logout]

interface List<Row> {
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly scope: readonly string[]
}

function page<Row>(
  world: World,
  call: Call,
  { rows: all, keyOf, scope }: List<Row>,
  { nextToken, maxResults }: { readonly nextToken?: string | undefined; readonly maxResults?: number | undefined },
) {
  const request: PageRequest = { NextToken: nextToken, MaxResults: maxResults }
  const { rows, NextToken } = pageOf(world, call, all, request, { service: 'sso', scope, keyOf, usual: ROWS_PER_PAGE })
  return { rows, nextToken: NextToken }
}

/** Reported by users; it is not in the model. */
function noAccess(): AwsError {
  return new AwsError('ForbiddenException', 'No access', { status: 403 })
}
