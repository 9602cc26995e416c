import type { AuditEventView } from '@gatehouse/api'
import { type AuditQuery, readView } from '@gatehouse/application'
import {
  type AccessListId,
  DomainError,
  formatInstant,
  type RecordedAuditEvent,
  type Subject,
  toFlat,
  type UserId,
  type View,
} from '@gatehouse/domain'
import type { Config } from '../config.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { formatCursor, pageOf, parseCursor } from './paging.ts'
import { stretchOf } from './stretch-of.ts'

type Names = 'listAuditEvents' | 'getAuditEvent' | 'verifyAuditEvents'
const SUBJECT = /^(user|role|list|request|lock|organization):/

export function auditHandlers(ports: HandlerPorts, { clusterName }: Config): Pick<ServerHandlers, Names> {
  return {
    async listAuditEvents({ query: { limit, cursor, order, subject, ...query }, signal }) {
      const filter = {
        // One more than asked for, to know whether there is another page.
        limit: limit + 1,
        order,
        ...(cursor === undefined ? {} : { [order === 'newest' ? 'before' : 'after']: parseCursor(cursor) }),
        ...given(query),
        ...(subject === undefined ? {} : { subject: parseSubject(subject) }),
      }
      const stretch = query.text === undefined ? undefined : stretchOf(filter, await newestOf(ports, signal))
      const found = await ports.auditLog.list({ ...filter, ...stretch?.within }, signal)
      const { view } = await readView(ports, signal)
      const page = { ...pageOf(found, limit, presentEvent, ({ seq }) => seq), names: namesOf(found, view) }
      return page.next === undefined && stretch?.next !== undefined
        ? { ...page, next: formatCursor(stretch.next) }
        : page
    },
    async getAuditEvent({ params: { uid }, signal }) {
      const [found] = await ports.auditLog.list({ limit: 1, uid }, signal)
      if (!found) throw new DomainError({ code: 'not-found', kind: 'audit event', name: uid })
      const event = presentEvent(found)
      const { view } = await readView(ports, signal)
      return { ...event, flat: toFlat(event, clusterName), names: namesOf([found], view) }
    },
    async verifyAuditEvents({ signal }) {
      const { events, firstBroken } = await ports.auditLog.verify(signal)
      return { intact: firstBroken === undefined, events, ...(firstBroken === undefined ? {} : { firstBroken }) }
    },
  }
}

async function newestOf({ auditLog }: HandlerPorts, signal: AbortSignal): Promise<number> {
  const [newest] = await auditLog.list({ limit: 1, order: 'newest' }, signal)
  return newest?.seq ?? 0
}

/** Filters that were left out are no filters. */
const given = ({
  event,
  code,
  user,
  from,
  to,
  text,
}: {
  readonly [Name in keyof Filters]?: Filters[Name] | undefined
}): Filters => ({
  ...(event === undefined ? {} : { event }),
  ...(code === undefined ? {} : { code }),
  ...(user === undefined ? {} : { user }),
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
  ...(text === undefined ? {} : { text }),
})
type Filters = Pick<AuditQuery, 'event' | 'code' | 'user' | 'from' | 'to' | 'text'>

function parseSubject(text: string): Subject {
  if (SUBJECT.test(text)) return text as Subject
  const expected = 'a kind and an id, such as user:<id>, list:<id> or role:<name>'
  throw new DomainError({ code: 'invalid-value', field: 'query.subject', text, expected })
}

const presentEvent = ({ time, subjects, ...event }: RecordedAuditEvent): AuditEventView => ({
  ...event,
  time: formatInstant(time),
  subjects: [...subjects],
  fields: { ...event.fields },
})

/** Requests, roles and locks have no other name than their id. */
function namesOf(events: readonly RecordedAuditEvent[], view: View): Record<string, string> {
  const organizations = new Map(
    view.byOrganization.map(({ organization }) => [organization.id as string, organization]),
  )
  const nameOf = (subject: Subject): string | undefined => {
    const colon = subject.indexOf(':')
    const id = subject.slice(colon + 1)
    switch (subject.slice(0, colon)) {
      case 'user':
        return view.userById.get(id as UserId)?.name // only looked up
      case 'list':
        return view.listById.get(id as AccessListId)?.title // only looked up
      case 'organization':
        return organizations.get(id)?.name
      default:
        return undefined
    }
  }
  const subjects = new Set(events.flatMap((event) => event.subjects))
  return Object.fromEntries(
    [...subjects].flatMap((subject) => {
      const name = nameOf(subject)
      return name === undefined ? [] : [[subject, name]]
    }),
  )
}
