import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { GatehouseClient } from '@gatehouse/api'
import { type Server, startServer } from '../harness/server.ts'
import { setPassword } from '../harness/set-password.ts'
import { type Bench, type BenchOptions, type Measurement, rounded } from './measurement.ts'
import { startPostgres } from './postgres.ts'

export const MEMBERS = 12_000
const TIMES = 40
const LIMIT_MS = 200
const OWNER = 'owner@bench.example'
const PASSWORD = 'correct horse battery staple bench'
export const LIST = 'everybody'
/** What one request may bring; see the limit of documents. */
const USERS_PER_REQUEST = 4_000

/** Opening a list of 12,000: the list and the first page of its members, as a page or a client asks for both. */
export const listOpen: Bench = async (options) => {
  const embedded = await measure(options, 'list-12000-open', 'embedded database')
  await using postgres = await startPostgres()
  return [embedded, await measure(options, 'list-12000-open-postgres', `PostgreSQL ${postgres.version}`, postgres.url)]
}

async function measure(
  { say }: BenchOptions,
  name: string,
  database: string,
  databaseUrl?: string,
): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'))
  try {
    await using server = await startServer({
      folder,
      bootstrapAdmin: OWNER,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
    })
    const client = await signIn(server)
    await fillList(client, OWNER)
    say(`${database}: filled`)
    await open(client)
    const times: number[] = []
    const afterChange: number[] = []
    for (let index = 0; index < TIMES; index++) {
      const isChanged = index % 4 === 3
      if (isChanged) await change(client, index)
      const start = performance.now()
      await open(client)
      const taken = performance.now() - start
      times.push(taken)
      if (isChanged) afterChange.push(taken)
    }
    const sorted = times.toSorted((a, b) => a - b)
    return {
      name,
      value: rounded(sorted.at(-1) ?? Number.NaN),
      unit: 'ms',
      better: 'lower',
      limit: LIMIT_MS,
      note: `${database}; the list and 100 of its ${MEMBERS} members by HTTP, longest of ${TIMES} after one; median ${rounded(sorted[Math.floor(TIMES / 2)] ?? Number.NaN)} ms, longest after a change of a member ${rounded(Math.max(...afterChange))} ms`,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function signIn(server: Server): Promise<GatehouseClient> {
  await setPassword(server.url + (server.bootstrapLink() ?? ''), PASSWORD)
  return server.signIn(OWNER, PASSWORD)
}

const person = (index: number): string => `user-${String(index).padStart(5, '0')}@bench.example`

/** Makes the people and the list that they are all in. */
export async function fillList(client: GatehouseClient, owner: string): Promise<void> {
  const apply = (documents: readonly object[]): Promise<unknown> =>
    client.applyDocuments({
      body: { text: documents.map((one) => JSON.stringify(one)).join('\n---\n'), mode: 'create' },
    })
  const people = Array.from({ length: MEMBERS }, (_, index) => person(index))
  for (let from = 0; from < MEMBERS; from += USERS_PER_REQUEST)
    await apply(
      people
        .slice(from, from + USERS_PER_REQUEST)
        .map((name) => ({ kind: 'user', version: 'v2', metadata: { name }, spec: {} })),
    )
  await apply([
    {
      kind: 'access_list',
      version: 'v1',
      metadata: { name: LIST },
      spec: {
        title: 'Everybody',
        owners: [{ name: owner }],
        audit: { recurrence: { frequency: '1month' } },
        members: people.map((name) => ({ name })),
      },
    },
  ])
}

async function open(client: GatehouseClient): Promise<void> {
  const [list, members] = await Promise.all([
    client.getAccessList({ params: { id: LIST } }),
    client.listMembers({ params: { id: LIST }, query: { limit: 100 } }),
  ])
  if (list.id !== LIST || members.items.length !== 100) throw new Error('the list is not what was made')
}

async function change(client: GatehouseClient, index: number): Promise<void> {
  await client.removeMember({ params: { id: LIST, member: person(index) }, query: {} })
}
