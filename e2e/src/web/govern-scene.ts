import type { GatehouseClient } from '@gatehouse/api'
import { ENGINEER, REVIEWER } from './web-world.ts'

const CROWD = 1_200
/** Markup, a right-to-left script, and pictures made of several characters. */
export const HOSTILE = '<img src=x onerror="document.title=\'owned\'"> مرحبا 👩‍💻'

const person = (index: number): string => `person-${String(index).padStart(4, '0')}@acme.example`
/** No addresses, so that AWS is not told of them. */
const stranger = (index: number): string => `crowd-${String(index).padStart(4, '0')}`
const soon = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()

interface ListOptions {
  readonly title: string
  readonly members: readonly string[]
  readonly grants?: readonly string[]
  readonly description?: string
  readonly dueInDays?: number
}

const list = (name: string, { title, members, grants = [], description = '', dueInDays = 100 }: ListOptions) => ({
  kind: 'access_list',
  version: 'v1',
  metadata: { name },
  spec: {
    title,
    description,
    owners: [{ name: REVIEWER }],
    members: members.map((member) => ({ name: member })),
    grants: { roles: grants },
    audit: { next_audit_date: soon(dueInDays) },
  },
})

/** People and lists as a team has them: one list of a crowd, one up for review, and one with a name that means harm. */
export async function govern(client: GatehouseClient): Promise<{ readonly systemRole: string }> {
  const { items } = await client.listDocuments({ params: { kind: 'role' }, query: { system: true, search: 'Set0000' } })
  const systemRole = items.find(({ sub_kind }) => sub_kind !== undefined)?.metadata.name ?? ''
  const people = Array.from({ length: 10 }, (_, index) => person(index))
  const crowd = Array.from({ length: CROWD }, (_, index) => stranger(index))
  const documents = [
    ...[...people, ...crowd].map((name) => ({ kind: 'user', version: 'v2', metadata: { name }, spec: { roles: [] } })),
    list('crowd', { title: 'Crowd', members: crowd }),
    list('on-call', { title: 'On-call', members: people.slice(0, 3), grants: [systemRole], dueInDays: 3 }),
    list('second', { title: 'Second', members: people.slice(0, 2), dueInDays: 4 }),
    list('hostile', { title: HOSTILE, members: [ENGINEER], grants: [systemRole], description: 'x'.repeat(1_000) }),
  ]
  await client.applyDocuments({
    body: { mode: 'create', text: documents.map((document) => JSON.stringify(document)).join('\n---\n') },
  })
  return { systemRole }
}
