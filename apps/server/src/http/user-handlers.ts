import { inOrder, type PasswordLinkView, type UserDetailView, type UserView } from '@gatehouse/api'
import {
  addUser,
  createPasswordLink,
  type ListedUser,
  type ListOfUser,
  listsOfUser,
  listUsers,
  type NewPasswordLink,
  removeDocument,
  renewPassword,
} from '@gatehouse/application'
import { DomainError, formatInstant, suggest, whyNotPushed } from '@gatehouse/domain'
import type { Config } from '../config.ts'
import { actorOf } from './actor-of.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { sliceAfter } from './paging.ts'

type Names = 'createUser' | 'listUsers' | 'getUser' | 'deleteUser' | 'createPasswordLink'

export function userHandlers(ports: HandlerPorts, { publicAddress }: Config): Pick<ServerHandlers, Names> {
  const presentLink = ({ user, token, expiresAt }: NewPasswordLink): PasswordLinkView => ({
    user: user.name,
    url: `${publicAddress}/set-password/${token}`,
    expiresAt: formatInstant(expiresAt),
  })
  return {
    async createUser({ body, signal, ...who }) {
      const { user, warnings } = await addUser(ports, { actor: actorOf(who), ...body }, signal)
      // A second commit: if the link fails, the user is there and gets one with the next request for it.
      const link = await createPasswordLink(ports, { user: user.name, by: who.user.name }, signal)
      const listed = { user, roles: user.roles.map(({ name }) => name), isLocked: false, notPushed: whyNotPushed(user) }
      return { user: present(listed), link: presentLink(link), warnings: warnings.map(({ message }) => message) }
    },
    async listUsers({ query, signal, ...who }) {
      const users = await listUsers(ports, { actor: actorOf(who), search: query.search }, signal)
      return sliceAfter(inOrder(users, query.sort, SORTS), query, { idOf: ({ user }) => user.id, present })
    },
    async getUser({ params: { name }, signal, ...who }) {
      const users = await listUsers(ports, { actor: actorOf(who) }, signal)
      const found = users.find(({ user }) => user.name.toLowerCase() === name.toLowerCase())
      if (found) {
        const lists = await listsOfUser(ports, { actor: actorOf(who), user: found.user.id }, signal)
        return { ...present(found), lists: lists.map(presentListOfUser) }
      }
      const suggestion = suggest(
        name,
        users.map(({ user }) => user.name),
      )
      throw new DomainError({
        code: 'not-found',
        kind: 'user',
        name,
        ...(suggestion === undefined ? {} : { suggestion }),
      })
    },
    async deleteUser({ params: { name }, query: { confirmRemovals }, signal, ...who }) {
      const confirmed = confirmRemovals === undefined ? {} : { confirmRemovals }
      await removeDocument(ports, { actor: actorOf(who), kind: 'user', name, ...confirmed }, signal)
    },
    async createPasswordLink({ params: { name }, signal, ...who }) {
      return presentLink(await renewPassword(ports, { actor: actorOf(who), name }, signal))
    },
  }
}

const SORTS = {
  name: ({ user }: ListedUser) => user.name,
  created: ({ user }: ListedUser) => user.createdAt,
}

const presentListOfUser = ({
  list: { id, title },
  as,
  isDirect,
  until,
}: ListOfUser): UserDetailView['lists'][number] => ({
  id,
  title,
  as,
  direct: isDirect,
  ...(until === undefined ? {} : { until: formatInstant(until) }),
})

const present = ({ user, roles, isLocked, notPushed }: ListedUser): UserView => ({
  id: user.id,
  name: user.name,
  roles: [...roles],
  traits: Object.fromEntries(Object.entries(user.traits).map(([key, values]) => [key, [...values]])),
  labels: { ...user.labels },
  createdAt: formatInstant(user.createdAt),
  locked: isLocked,
  ...(notPushed === undefined ? {} : { notPushed }),
})
