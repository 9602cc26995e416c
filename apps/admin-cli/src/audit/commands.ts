import type { AuditEventView } from '@gatehouse/api'
import { command, EXIT, type Group, table, text, textOr, usageError } from '@gatehouse/cli-kit'

const tail = command({
  name: 'tail',
  summary: 'Show the last audit events, the newest at the end.',
  options: {
    lines: { ...textOr('<n>', 'how many', '20'), short: 'n' },
    event: text('<name>', 'only this event, such as access_request.review'),
    subject: text('<subject>', 'only what is about it, such as user:<id> or list:<id>'),
  },
  async run({ client, options, signal }) {
    const limit = Number(options.lines)
    if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
      throw usageError(`--lines: "${options.lines}" is not valid.`, 'Enter a number from 1 to 1000.')
    const { event, subject } = options
    const { items } = await client.listAuditEvents({ query: { limit, event, subject } }, signal)
    const events = items.toReversed()
    return { data: events, text: table(['Seq', 'Time', 'Code', 'Event', 'User', 'About'], events.map(rowOf)) }
  },
})

const verify = command({
  name: 'verify',
  summary: 'Walk the whole chain of hashes; ends with 1 if it is broken.',
  async run({ client, signal }) {
    const result = await client.verifyAuditEvents({}, signal)
    if (result.firstBroken === undefined && result.intact)
      return { data: result, text: `${result.events} events, the chain is intact.` }
    return {
      data: result,
      text: '',
      talk: [`The chain is broken at event ${result.firstBroken}: it or one before was changed or removed.`],
      exitCode: EXIT.failure,
    }
  },
})

export const auditCommands: Group = { name: 'audit', summary: 'What was recorded.', commands: [tail, verify] }

const rowOf = ({ seq, time, code, event, user, subjects }: AuditEventView): string[] => [
  String(seq),
  time,
  code,
  event,
  user ?? '',
  subjects.join(' '),
]
