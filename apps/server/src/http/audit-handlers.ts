import type { AuditEventView } from '@gatehouse/api'
import { DomainError, formatInstant, type RecordedAuditEvent, type Subject } from '@gatehouse/domain'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { pageOf, parseCursor } from './paging.ts'

type Names = 'listAuditEvents' | 'verifyAuditEvents'
const SUBJECT = /^(user|role|list|request|lock|organization):/

export function auditHandlers(ports: HandlerPorts): Pick<ServerHandlers, Names> {
  return {
    async listAuditEvents({ query: { limit, cursor, event, subject }, signal }) {
      const before = cursor === undefined ? undefined : parseCursor(cursor)
      const filter = {
        // One more than asked for, to know whether there is another page.
        limit: limit + 1,
        ...(before === undefined ? {} : { before }),
        ...(event === undefined ? {} : { event }),
        ...(subject === undefined ? {} : { subject: parseSubject(subject) }),
      }
      return pageOf(await ports.auditLog.list(filter, signal), limit, presentEvent, ({ seq }) => seq)
    },
    async verifyAuditEvents({ signal }) {
      const { events, firstBroken } = await ports.auditLog.verify(signal)
      return { intact: firstBroken === undefined, events, ...(firstBroken === undefined ? {} : { firstBroken }) }
    },
  }
}

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
