import { randomUUID } from 'node:crypto'
import { command, duration, formatYamlDocuments, text, usageError } from '@gatehouse/cli-kit'
import { type Duration, formatInstant, type Instant, instantFromMillis, plus } from '@gatehouse/domain'

export const lockCommand = command({
  name: 'lock',
  summary: 'Take a user, role or access request out of force at once. "tctl rm lock/NAME" ends it.',
  options: {
    user: text('<name>', 'lock this user'),
    role: text('<name>', 'lock this role'),
    request: text('<id>', 'lock this access request'),
    ttl: duration('<duration>', 'ends by itself after, such as 8h'),
    message: text('<text>', 'what those who are locked out read'),
  },
  async run({ client, options, signal }) {
    const { user, role, request, ttl, message } = options
    const targets = Object.entries({ user, role, access_request: request }).filter(([, name]) => name !== undefined)
    if (targets.length !== 1)
      throw usageError('A lock has exactly one target.', 'Give one of --user, --role, --request.')
    const name = randomUUID()
    const expires = ttl === undefined ? undefined : formatInstant(endAfter(ttl))
    const document = {
      kind: 'lock',
      version: 'v2',
      metadata: { name },
      spec: { target: Object.fromEntries(targets), ...(message === undefined ? {} : { message }), expires },
    }
    await client.applyDocuments({ body: { text: formatYamlDocuments([document]), mode: 'create' } }, signal)
    return { data: document, text: `Created a lock with name "${name}".` }
  },
})

/** RFC 3339 has years of four digits. */
const LAST_INSTANT = Date.UTC(9999, 11, 31)

function endAfter(ttl: Duration): Instant {
  const end = plus(instantFromMillis(Date.now()), ttl)
  if (end <= LAST_INSTANT) return end
  throw usageError('--ttl: it lasts longer than calendars do.', 'Leave it out for a lock without an end.')
}
