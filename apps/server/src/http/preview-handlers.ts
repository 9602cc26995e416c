import {
  createPreviews,
  findLockedOut,
  inviteLockedOut,
  type LockedOut,
  previewAccounts,
  previewGroups,
  previewPermissionSets,
  type PreviewPage,
} from '@gatehouse/application'
import { DomainError, formatInstant } from '@gatehouse/domain'
import type { Config } from '../config.ts'
import { actorOf } from './actor-of.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { formatCursor, parseCursor, sliceOf } from './paging.ts'
import { presentAccount } from './present-account.ts'
import { refuseDenied } from './refuse-denied.ts'

type Names = 'previewAccounts' | 'previewGroups' | 'previewPermissionSets' | 'listLockedOut' | 'inviteLockedOut'

/** What AWS holds, as far as an enrolment is to take it over, and who would be locked out by it. */
export function previewHandlers(handlers: HandlerPorts, { publicAddress }: Config): Pick<ServerHandlers, Names> {
  const ports = { ...handlers, previews: createPreviews(handlers) }

  return {
    async previewAccounts({ params: { name }, query, signal, ...who }) {
      const asked = { actor: actorOf(who), name, ...query, start: startOf(query) }
      const page = await refuseDenied(previewAccounts(ports, asked, signal))
      return {
        ...presentCounts(page, asked),
        unitsReadable: page.readable.unitNames,
        tagsReadable: page.readable.tags,
        unread: page.unread,
        items: page.rows.map(({ account, sets, ...standing }) => ({
          ...presentAccount(account, standing),
          permissionSets: sets.map((set) => ({ arn: set.arn, name: set.name })),
        })),
      }
    },
    async previewGroups({ params: { name }, query, signal, ...who }) {
      const asked = { actor: actorOf(who), name, ...query, start: startOf(query) }
      const page = await refuseDenied(previewGroups(ports, asked, signal))
      return {
        ...presentCounts(page, asked),
        items: page.rows.map(({ group, isInside, members, memberNames, assignments }) => ({
          id: group.id,
          name: group.displayName,
          inside: isInside,
          members,
          ...(memberNames ? { memberNames: [...memberNames] } : {}),
          assignments: assignments.map(({ account, accountId, set, arn }) => ({
            account: { id: accountId, ...(account ? { name: account.name } : {}) },
            permissionSet: { arn, name: set?.name ?? arn },
          })),
        })),
      }
    },
    async previewPermissionSets({ params: { name }, query, signal, ...who }) {
      const asked = { actor: actorOf(who), name, ...query, start: startOf(query) }
      const page = await refuseDenied(previewPermissionSets(ports, asked, signal))
      return {
        ...presentCounts(page, asked),
        items: page.rows.map(({ arn, name: set, description, sessionDuration }) => ({
          arn,
          name: set,
          description,
          sessionDuration,
        })),
      }
    },
    async listLockedOut({ params: { name }, query, signal, ...who }) {
      const asked = { actor: actorOf(who), name, ...query }
      const { lockedOut, users, preview } = await refuseDenied(findLockedOut(ports, asked, signal))
      const wanted = query.search?.trim().toLowerCase() ?? ''
      const found = lockedOut.filter(({ user }) =>
        [user.userName, user.displayName].some((text) => text.toLowerCase().includes(wanted)),
      )
      return {
        readAt: formatInstant(preview.readAt),
        users,
        lockedOut: lockedOut.length,
        found: found.length,
        ...sliceOf(found, query, presentLockedOut),
      }
    },
    async inviteLockedOut({ params: { name }, body: { users, all, after, roles }, signal, ...who }) {
      if (all && users) throw new DomainError(BOTH)
      if (!all && !users) throw new DomainError(NEITHER)
      const command = { actor: actorOf(who), name, users: users ?? { after }, roles }
      const { invited, failed, remaining, next } = await refuseDenied(inviteLockedOut(ports, command, signal))
      return {
        items: invited.map(({ user, isNew, token, expiresAt }) => ({
          user,
          created: isNew,
          url: `${publicAddress}/set-password/${token}`,
          expiresAt: formatInstant(expiresAt),
        })),
        failed: [...failed],
        remaining,
        ...(next === undefined ? {} : { next }),
      }
    },
  }
}

const BOTH = {
  code: 'invalid-document',
  field: 'body.all',
  message: 'it means everybody, and names are given as well.',
  remedy: 'Leave "users" or "all" out.',
} as const
const NEITHER = {
  code: 'invalid-value',
  field: 'body.users',
  text: 'nothing',
  expected: 'names as Identity Center has them, or "all": true',
} as const

const startOf = ({ cursor }: { readonly cursor?: string | undefined }): number =>
  cursor === undefined ? 0 : parseCursor(cursor)

function presentCounts(
  { preview, total, found, inside }: PreviewPage<unknown>,
  { start, limit }: { readonly start: number; readonly limit: number },
) {
  const end = start + limit
  return {
    readAt: formatInstant(preview.readAt),
    total,
    found,
    inside,
    ...(end < found ? { next: formatCursor(end) } : {}),
  }
}

const presentLockedOut = ({ user, reason, message }: LockedOut) => ({
  userName: user.userName,
  displayName: user.displayName,
  reason,
  message,
  linkHelps: reason === 'no-user' || reason === 'no-password',
})
