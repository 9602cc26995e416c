import type { AuditEventView } from '@gatehouse/api'
import { type AuditQuery, readView, visibleNames } from '@gatehouse/application'
import { DomainError, formatInstant, type RecordedAuditEvent, type Subject, toFlat } from '@gatehouse/domain'
import type { Config } from '../config.ts'
import { actorOf } from './actor-of.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { formatCursor, pageOf, parseCursor } from './paging.ts'
import { stretchOf } from './stretch-of.ts'

type Names = 'listAuditEvents' | 'getAuditEvent' | 'verifyAuditEvents'
const SUBJECT = /^(user|role|list|request|lock|organization|service-provider):/

export function auditHandlers(ports: HandlerPorts, { clusterName }: Config): Pick<ServerHandlers, Names> {
  return {
    async listAuditEvents({ query: { limit, cursor, order, subject, ...query }, signal, ...who }) {
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
      const shown = found.slice(0, limit).flatMap(({ subjects }) => subjects)
      const names = visibleNames(shown, actorOf(who), await readView(ports, signal))
      const page = { ...pageOf(found, limit, presentEvent, ({ seq }) => seq), names }
      return page.next === undefined && stretch?.next !== undefined
        ? { ...page, next: formatCursor(stretch.next) }
        : page
    },
    async getAuditEvent({ params: { uid }, signal, ...who }) {
      const [found] = await ports.auditLog.list({ limit: 1, uid }, signal)
      if (!found) throw new DomainError({ code: 'not-found', kind: 'audit event', name: uid })
      const event = presentEvent(found)
      const names = visibleNames(found.subjects, actorOf(who), await readView(ports, signal))
      return { ...event, flat: toFlat(event, clusterName), names }
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
