import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GatehouseClient } from '@gatehouse/api'
import { startServer } from '../harness/server.ts'
import { setPassword } from '../harness/set-password.ts'
import { type Bench, rounded } from './measurement.ts'
import { startPostgres } from './postgres.ts'

const EVENTS = 10_000_000
const PER_STATEMENT = 500_000
const TIMES = 40
const LIMIT_MS = 200
const OWNER = 'owner@bench.example'
const PASSWORD = 'correct horse battery staple bench'
const USERS = 5_000
/** The first event; one comes every three seconds, so that ten million are a year. */
const SINCE = Date.parse('2026-01-01T00:00:00Z')
const EVERY_MS = 3_000

type Query = NonNullable<NonNullable<Parameters<GatehouseClient['listAuditEvents']>[0]>['query']>

/** Searches of ten million events by the API, each kind with ever other values. */
export const auditQuery: Bench = async ({ isQuick, say }) => {
  const events = isQuick ? EVENTS / 10 : EVENTS
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'))
  await using postgres = await startPostgres()
  try {
    await using server = await startServer({ folder, bootstrapAdmin: OWNER, databaseUrl: postgres.url })
    await setPassword(server.url + (server.bootstrapLink() ?? ''), PASSWORD)
    const client = await server.signIn(OWNER, PASSWORD)
    for (let from = 0; from < events; from += PER_STATEMENT) {
      postgres.run(fill(from, Math.min(PER_STATEMENT, events - from)))
      say(`${from + PER_STATEMENT} events`)
    }
    postgres.run('analyze audit_event')
    const times: { readonly kind: string; readonly ms: number }[] = []
    for (let index = 0; index <= TIMES; index++)
      for (const [kind, query] of Object.entries(queries(index, events))) {
        const start = performance.now()
        await client.listAuditEvents({ query })
        if (index > 0) times.push({ kind, ms: performance.now() - start }) // the first of each warms up
      }
    const at = (of: readonly number[], share: number): number =>
      rounded(of.toSorted((a, b) => a - b)[Math.min(of.length - 1, Math.floor(of.length * share))] ?? Number.NaN)
    const kinds = [...Map.groupBy(times, ({ kind }) => kind)].map(([kind, of]) => {
      const all = of.map(({ ms }) => ms)
      return `${kind} ${at(all, 0.5)}/${at(all, 1)}`
    })
    return [
      {
        name: 'audit-query-p99',
        value: at(
          times.map(({ ms }) => ms),
          0.99,
        ),
        unit: 'ms',
        better: 'lower',
        limit: LIMIT_MS,
        note: `PostgreSQL ${postgres.version}; ${events} events of ${USERS} people, pages of 100 by HTTP, ${TIMES} searches of each kind; median and longest: ${kinds.join(', ')}`,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const fill = (from: number, count: number): string => `
  insert into audit_event (seq, uid, event, code, happened_at, user_name, subjects, fields, previous_hash, hash)
  select
    head.seq + n, md5((${from} + n)::text),
    (array['access_request.create', 'access_request.review', 'access_list.member.create', 'user.login', 'saml.idp.auth'])[1 + n % 5],
    (array['T5000I', 'T5002I', 'TAL005I', 'T1000I', 'TSI000I'])[1 + n % 5],
    to_timestamp(${SINCE / 1000}) + ((${from} + n) * interval '${EVERY_MS} milliseconds'),
    'user-' || (n * 7919) % ${USERS} || '@bench.example',
    array['user:id-' || (n * 7919) % ${USERS}, 'request:' || md5((n / 3 + ${from})::text)],
    json_build_object('success', true, 'reason', 'ticket ' || (${from} + n), 'addr.remote', '10.0.' || n % 256 || '.' || n % 251),
    repeat('0', 64), repeat('0', 64)
  from generate_series(1::bigint, ${count}) as n, audit_head as head;
  update audit_head set seq = (select max(seq) from audit_event)`

function queries(index: number, events: number): Readonly<Record<string, Query>> {
  const user = `user-${(index * 37) % USERS}@bench.example`
  const at = (share: number): string => new Date(SINCE + share * events * EVERY_MS).toISOString()
  const share = (index % 10) / 10
  return {
    newest: {},
    'by code': { code: ['T5000I', 'T5002I', 'TAL005I'][index % 3] },
    'by event': { event: 'access_request.review' },
    'by user': { user },
    'by user and event': { user, event: 'user.login' },
    'by subject': { subject: `user:id-${(index * 41) % USERS}` },
    'by request': { subject: `request:${'0'.repeat(31)}${index % 10}` },
    'by hour': { from: at(share), to: at(share + 1200 / events) },
    'by day and user': { user, from: at(share), to: at(share + 28_800 / events) },
    'by code and day': { code: 'T5002I', from: at(share), to: at(share + 28_800 / events) },
    'by text': { text: `user-${index % USERS}@` },
  }
}
