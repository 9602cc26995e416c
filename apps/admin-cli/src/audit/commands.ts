import { open } from 'node:fs/promises'
import type { AuditEventView, GatehouseClient } from '@gatehouse/api'
import {
  choice,
  CliError,
  command,
  EXIT,
  type Group,
  type Output,
  PAGE,
  table,
  text,
  textOr,
  usageError,
} from '@gatehouse/cli-kit'
import { counted, parseInstant } from '@gatehouse/domain'
import { EXPORT_FORMATS } from './formats.ts'
import { verifyFile } from './verify-file.ts'

/** What every command that reads events can be asked for; every one that is given must hold. */
const FILTERS = {
  event: text('<name>', 'only this event, such as access_request.review'),
  code: text('<code>', 'only events of this code, such as T1000W'),
  user: text('<name>', 'only what this person did'),
  subject: text('<subject>', 'only what is about it, such as user:<id>, list:<id> or organization:<name>'),
  from: text('<time>', 'from this time on, such as 2027-03-01T00:00:00Z'),
  to: text('<time>', 'before this time'),
  text: text('<words>', 'only what has this in its name, user or fields'),
}
type Filters = { readonly [Name in keyof typeof FILTERS]: string | undefined }

const tail = command({
  name: 'tail',
  summary: 'Show the last audit events, the newest at the end.',
  options: { lines: { ...textOr('<n>', 'how many', '20'), short: 'n' }, ...FILTERS },
  async run({ client, options: { lines, ...filters }, signal }) {
    const { items } = await client.listAuditEvents(
      { query: { ...parse(filters), limit: count('--lines', lines) } },
      signal,
    )
    const events = items.toReversed()
    return { data: events, text: tableOf(events) }
  },
})

const search = command({
  name: 'search',
  summary: 'Find audit events, the newest first.',
  options: {
    ...FILTERS,
    limit: textOr('<n>', 'how many at most', '100'),
    cursor: text('<cursor>', 'where the search before ended'),
  },
  async run({ client, options: { limit, cursor, ...filters }, signal }) {
    const query = { ...parse(filters), limit: count('--limit', limit), cursor }
    const { items, next } = await client.listAuditEvents({ query }, signal)
    return {
      data: { items, next },
      text: tableOf(items),
      talk: next === undefined ? [] : [`There are more: add --cursor ${next}`],
    }
  },
})

const exporting = command({
  name: 'export',
  summary: 'Write audit events, the oldest first, as lines of JSON, for a spreadsheet or for a SIEM.',
  options: {
    as: choice(['jsonl', 'flat', 'csv', 'ocsf'], 'how; jsonl without a filter can be verified', 'jsonl'),
    file: text('<path>', 'a new file, for more than fits into memory; stdout without it'),
    ...FILTERS,
  },
  async run({ client, options: { as, file, ...filters }, signal }) {
    const { head, line } = EXPORT_FORMATS[as]
    const { cluster } = await client.getMe({}, signal)
    const write = (events: readonly AuditEventView[]): string => events.map((event) => line(event, cluster)).join('')
    if (file === undefined) {
      const events: AuditEventView[] = []
      for await (const page of oldestFirst(client, filters, signal)) events.push(...page)
      const text = head + write(events)
      return { data: events, text, bytes: Buffer.from(text) }
    }
    // Never over another file, and for nobody else: the log says who may do what.
    await using handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
      throw fileError(file, error)
    })
    await handle.write(head)
    let written = 0
    for await (const page of oldestFirst(client, filters, signal)) {
      await handle.write(write(page))
      written += page.length
    }
    return { data: { file, events: written }, text: `${counted(written, 'event is', 'events are')} in ${file}.` }
  },
})

const verify = command({
  name: 'verify',
  summary: 'Walk the chain of hashes; ends with 1 if it is broken, and names the first broken link.',
  options: { file: text('<path>', 'an exported file of JSON lines, without asking a server') },
  async run({ client, options, signal }) {
    const { file } = options
    if (file !== undefined) {
      const found = await verifyFile(file, signal).catch((error: unknown) => {
        throw fileError(file, error)
      })
      return presentFile(file, found)
    }
    const result = await client.verifyAuditEvents({}, signal)
    if (result.firstBroken === undefined && result.intact)
      return { data: result, text: `${counted(result.events, 'event')}, the chain is intact.` }
    return {
      data: result,
      text: '',
      talk: [`The chain is broken at event ${result.firstBroken}: it or one before was changed or removed.`],
      exitCode: EXIT.failure,
    }
  },
})

export const auditCommands: Group = {
  name: 'audit',
  summary: 'What was recorded.',
  commands: [tail, search, exporting, verify],
}

async function* oldestFirst(
  client: Pick<GatehouseClient, 'listAuditEvents'>,
  filters: Filters,
  signal: AbortSignal,
): AsyncGenerator<readonly AuditEventView[]> {
  const query = { ...parse(filters), limit: PAGE, order: 'oldest' } as const
  let cursor: string | undefined
  do {
    const page = await client.listAuditEvents({ query: { ...query, cursor } }, signal)
    yield page.items
    cursor = page.next
  } while (cursor !== undefined)
}

function parse({ from, to, ...filters }: Filters): Filters {
  for (const [flag, typed] of [
    ['--from', from],
    ['--to', to],
  ] as const)
    if (typed !== undefined) checkTime(flag, typed)
  return { from, to, ...filters }
}

function checkTime(flag: string, typed: string): void {
  try {
    parseInstant(typed)
  } catch {
    throw usageError(`${flag}: "${typed}" is not a time.`, 'Enter one such as 2027-03-01T09:00:00Z.')
  }
}

function count(flag: string, typed: string): number {
  const number = Number(typed)
  if (Number.isInteger(number) && number >= 1 && number <= PAGE) return number
  throw usageError(`${flag}: "${typed}" is not valid.`, `Enter a number from 1 to ${PAGE}.`)
}

function fileError(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  const { code } = error
  if (code === 'ENOENT')
    return new CliError(`There is no file ${file}.`, {
      remedy: 'Check the path.',
      exitCode: EXIT.notFound,
      cause: error,
    })
  if (code === 'EEXIST')
    return new CliError(`${file} is there already.`, {
      remedy: 'Name a new file.',
      exitCode: EXIT.conflict,
      cause: error,
    })
  return new CliError(`${file} can't be used: ${String(code)}.`, {
    remedy: 'Check the path, and whether you may use it.',
    exitCode: EXIT.failure,
    cause: error,
  })
}

function presentFile(file: string, found: Awaited<ReturnType<typeof verifyFile>>): Output {
  const { events, first, last, lastHash, broken } = found
  if (broken)
    return {
      data: found,
      text: '',
      talk: [
        `${file}, line ${broken.line}${broken.seq === undefined ? '' : ` (event ${broken.seq})`}: ${broken.reason}`,
      ],
      exitCode: EXIT.failure,
    }
  const range = events === 0 ? '' : ` (${first} to ${last})`
  return {
    data: found,
    text: `${counted(events, 'event')}${range}, the chain is intact.${lastHash === undefined ? '' : ` The last hash is ${lastHash}.`}`,
  }
}

const tableOf = (events: readonly AuditEventView[]): string =>
  table(['Seq', 'Time', 'Code', 'Event', 'User', 'About'], events.map(rowOf))

const rowOf = ({ seq, time, code, event, user, subjects }: AuditEventView): string[] => [
  String(seq),
  time,
  code,
  event,
  user ?? '',
  subjects.join(' '),
]
