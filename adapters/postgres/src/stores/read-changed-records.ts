import type { AccessList, Member } from '@gatehouse/domain'
import type { Records } from '@gatehouse/application'
import { type Selectable, sql, type Transaction } from 'kysely'
import { memberId, parseMember, parseOwner } from './list-rows.ts'
import { parseAdopted, parseGroupLink, parseOrganization, parseUserLink } from './organization-rows.ts'
import { groupByList } from './read-records.ts'
import { ORDERS } from './record-orders.ts'
import {
  parseApprovalRule,
  parseBundle,
  parseList,
  parseLock,
  parseRequest,
  parseRole,
  parseServiceProvider,
  parseUser,
} from './record-rows.ts'
import type { RecordKind, Tables } from './schema.ts'
import { toJson } from './values.ts'

/** Whoever is further behind reads everything, and what changed before is forgotten. */
export const VERSIONS_KEPT = 1_000
/** Reading more records than this one by one takes longer than reading all. */
const MAX_CHANGES = 20_000

type Key = readonly string[]
type Changed = ReadonlyMap<RecordKind, readonly Key[]>

/** A copy of the records brought up to date; absent when it is too old for that. What has not changed is the same object. */
export async function readChangedRecords(
  transaction: Transaction<Tables>,
  since: Records,
): Promise<Records | undefined> {
  const { version } = await transaction.selectFrom('records_version').selectAll().executeTakeFirstOrThrow()
  const behind = Number(version) - since.version
  if (behind < 0 || behind >= VERSIONS_KEPT) return undefined
  const rows = await transaction
    .selectFrom('record_change')
    .select(['kind', 'key'])
    .distinct()
    .where('version', '>', String(since.version))
    .limit(MAX_CHANGES + 1)
    .execute()
  if (rows.length > MAX_CHANGES) return undefined
  const changed: Changed = new Map(
    [...Map.groupBy(rows, ({ kind }) => kind)].map(([kind, of]) => [kind, of.map(({ key }) => key)]),
  )
  const head = await transaction.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow()
  return {
    ...since,
    ...(await readChanges(transaction, since, changed)),
    version: Number(version),
    auditSeq: Number(head.seq),
  }
}

async function readChanges(
  transaction: Transaction<Tables>,
  since: Records,
  changed: Changed,
): Promise<Omit<Records, 'version' | 'auditSeq'>> {
  const read = createReader(transaction, changed)
  const byName = ({ name }: { readonly name: string }): Key => [name]
  const byId = ({ id }: { readonly id: string }): Key => [id]
  return {
    users: await read('local_user', ['id'], { old: since.users, parse: parseUser, keyOf: byId, order: ORDERS.users }),
    roles: await read('role', ['name'], { old: since.roles, parse: parseRole, keyOf: byName, order: ORDERS.roles }),
    lists: await readChangedLists(transaction, since.lists, changed),
    requests: await read('access_request', ['id'], {
      old: since.requests,
      parse: parseRequest,
      keyOf: byId,
      order: ORDERS.requests,
    }),
    locks: await read('lock', ['id'], { old: since.locks, parse: parseLock, keyOf: byId, order: ORDERS.locks }),
    serviceProviders: await read('service_provider', ['name'], {
      old: since.serviceProviders,
      parse: parseServiceProvider,
      keyOf: byName,
      order: ORDERS.serviceProviders,
    }),
    bundles: await read('bundle', ['name'], {
      old: since.bundles,
      parse: parseBundle,
      keyOf: byName,
      order: ORDERS.bundles,
    }),
    approvalRules: await read('approval_rule', ['name'], {
      old: since.approvalRules,
      parse: parseApprovalRule,
      keyOf: byName,
      order: ORDERS.approvalRules,
    }),
    organizations: await read('organization', ['id'], {
      old: since.organizations,
      parse: parseOrganization,
      keyOf: byId,
      order: ORDERS.organizations,
    }),
    userLinks: await read('user_link', ['organization_id', 'user_id'], {
      old: since.userLinks,
      parse: parseUserLink,
      keyOf: ({ organization, user }) => [organization, user],
      order: ORDERS.userLinks,
    }),
    groupLinks: await read('group_link', ['organization_id', 'group_key'], {
      old: since.groupLinks,
      parse: parseGroupLink,
      keyOf: ({ organization, group }) => [organization, group],
      order: ORDERS.groupLinks,
    }),
    adopted: await read('adopted_assignment', ['organization_id', 'user_id', 'grant_key'], {
      old: since.adopted,
      parse: parseAdopted,
      keyOf: ({ organization, user, grant }) => [organization, user, grant],
      order: ORDERS.adopted,
    }),
  }
}

interface Reading<Row, T> {
  readonly old: readonly T[]
  readonly parse: (row: Row) => T
  readonly keyOf: (value: T) => Key
  readonly order: (a: T, b: T) => number
}

function createReader(transaction: Transaction<Tables>, changed: Changed) {
  return async <Table extends RecordKind, T>(
    table: Table,
    columns: readonly string[],
    { old, parse, keyOf, order }: Reading<Selectable<Tables[Table]>, T>,
  ): Promise<readonly T[]> => {
    const keys = changed.get(table)
    if (!keys) return old
    const rows = await readRows(transaction, table, { columns, keys })
    return replaced(old, { gone: new Set(keys.map(textOf)), fresh: rows.map(parse), keyOf, order })
  }
}

const textOf = (key: Key): string => JSON.stringify(key)

async function readRows<Table extends keyof Tables>(
  transaction: Transaction<Tables>,
  table: Table,
  { columns, keys }: { readonly columns: readonly string[]; readonly keys: readonly Key[] },
): Promise<Selectable<Tables[Table]>[]> {
  const wanted = keys.map((key) => Object.fromEntries(columns.map((column, index) => [column, key[index]])))
  const types = columns.map((column) => `"${column}" text`).join(', ')
  const names = columns.map((column) => `"${column}"`).join(', ')
  const { rows } = await sql<Selectable<Tables[Table]>>`
    select * from ${sql.table(table)} where (${sql.raw(names)}) in (
      select ${sql.raw(names)} from json_to_recordset(${toJson(wanted)}::json) as wanted(${sql.raw(types)})
    )
  `.execute(transaction)
  return rows
}

interface Replacement<T> {
  readonly gone: ReadonlySet<string>
  readonly fresh: readonly T[]
  readonly keyOf: (value: T) => Key
  readonly order: (a: T, b: T) => number
}

/** In the same order as if all had been read. */
function replaced<T>(old: readonly T[], { gone, fresh, keyOf, order }: Replacement<T>): readonly T[] {
  const isGone = gone.size === 1 ? sameAs([...gone]) : (key: string): boolean => gone.has(key)
  const kept = old.filter((value) => !isGone(textOf(keyOf(value))))
  for (const value of fresh) kept.splice(placeOf(value, kept, order), 0, value)
  return kept
}

const sameAs =
  ([only]: readonly string[]) =>
  (key: string): boolean =>
    key === only

function placeOf<T>(value: T, values: readonly T[], order: (a: T, b: T) => number): number {
  let [from, to] = [0, values.length]
  while (from < to) {
    const middle = (from + to) >> 1
    const one = values[middle]
    if (one !== undefined && order(one, value) <= 0) from = middle + 1
    else to = middle
  }
  return from
}

/** Of a list's members only those that changed are read. */
async function readChangedLists(
  transaction: Transaction<Tables>,
  old: readonly AccessList[],
  changed: Changed,
): Promise<readonly AccessList[]> {
  const members = changed.get('access_list_member') ?? []
  const ids = new Set<string>([...(changed.get('access_list') ?? []), ...members].flatMap(([id]) => id ?? []))
  if (ids.size === 0) return old
  const keys = [...ids].map((id) => [id])
  const rows = await readRows(transaction, 'access_list', { columns: ['id'], keys })
  const owners = await readRows(transaction, 'access_list_owner', { columns: ['list_id'], keys })
  const memberRows = await readRows(transaction, 'access_list_member', {
    columns: ['list_id', 'kind', 'key'],
    keys: members,
  })
  const ownersOf = groupByList(
    owners.toSorted((a, b) => a.position - b.position),
    parseOwner,
  )
  const freshOf = groupByList(memberRows, parseMember)
  const goneOf = Map.groupBy(members, ([id]) => id)
  const before = new Map<string, AccessList>(old.filter(({ id }) => ids.has(id)).map((list) => [list.id, list]))
  const fresh = rows.map((row) =>
    parseList(row, {
      owners: ownersOf.get(row.id) ?? [],
      members: replaced<Member>(before.get(row.id)?.members ?? [], {
        gone: new Set((goneOf.get(row.id) ?? []).map(([, kind, key]) => textOf([kind ?? '', key ?? '']))),
        fresh: freshOf.get(row.id) ?? [],
        keyOf: (member) => [member.kind, memberId(member)],
        order: ORDERS.members,
      }),
    }),
  )
  return replaced(old, {
    gone: new Set(keys.map(textOf)),
    fresh,
    keyOf: ({ id }) => [id],
    order: ORDERS.lists,
  })
}
