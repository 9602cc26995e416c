import type { AccessListId, Subject, UserId } from '@gatehouse/domain'
import { type Actor, actingAs, may } from './actor.ts'
import type { Reading } from './read-view.ts'
import { accessToList } from './visibility.ts'

/**
 * What those are called now that events are about, as far as the actor may see them: a name of today is more than what was
 * recorded then. Requests, roles and locks have no other name than their id.
 */
export function visibleNames(
  subjects: Iterable<Subject>,
  actor: Actor,
  reading: Reading,
): Readonly<Record<string, string>> {
  const acting = actingAs(actor, reading)
  const { view } = reading
  const organizations = new Map(
    view.byOrganization.map(({ organization }) => [organization.id as string, organization]),
  )
  const nameOf = (subject: Subject): string | undefined => {
    const colon = subject.indexOf(':')
    const id = subject.slice(colon + 1)
    switch (subject.slice(0, colon)) {
      case 'user': {
        const user = view.userById.get(id as UserId) // only looked up
        return user && (user.id === acting.user?.id || may(acting, 'read', 'user', user)) ? user.name : undefined
      }
      case 'list': {
        const list = view.listById.get(id as AccessListId) // only looked up
        return list && accessToList(list, acting, reading) ? list.title : undefined
      }
      case 'organization': {
        const name = organizations.get(id)?.name
        const resource = { name: name ?? '', labels: {} }
        const isSeen = (['plugin', 'aws_identity_center'] as const).some((kind) => may(acting, 'read', kind, resource))
        return isSeen ? name : undefined
      }
      default:
        return undefined
    }
  }
  return Object.fromEntries(
    [...new Set(subjects)].flatMap((subject) => {
      const name = nameOf(subject)
      return name === undefined ? [] : [[subject, name]]
    }),
  )
}
