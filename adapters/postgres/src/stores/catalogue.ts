import { type AwsGroupId, type AwsUserId, createCatalogue, type GrantKey, type OrganizationId } from '@gatehouse/domain'
import type { HeldInAws, Holdings, ReadCatalogue, ReadGroups } from '@gatehouse/application'
import { type Kysely, sql, type Transaction } from 'kysely'
import { parseAccount, parsePermissionSet } from './mirror.ts'
import { readProgress } from './progress.ts'
import type { Tables } from './schema.ts'
import { optional, toInstant } from './values.ts'

export async function readCatalogueVersion(kysely: Kysely<Tables>, organization: OrganizationId): Promise<number> {
  const row = await kysely
    .selectFrom('organization_progress')
    .select('catalogue_version')
    .where('organization_id', '=', organization)
    .executeTakeFirst()
  return Number(row?.catalogue_version ?? 0)
}

export async function readCatalogue(
  transaction: Transaction<Tables>,
  organization: OrganizationId,
): Promise<ReadCatalogue> {
  const of = ['organization_id', '=', organization] as const
  const accounts = await transaction
    .selectFrom('mirror_account')
    .selectAll()
    .where(...of)
    .execute()
  const sets = await transaction
    .selectFrom('mirror_permission_set')
    .selectAll()
    .where(...of)
    .execute()
  return {
    version: await readCatalogueVersion(transaction, organization),
    catalogue: createCatalogue(accounts.map(parseAccount), sets.map(parsePermissionSet)),
  }
}

export async function readHoldings(
  transaction: Transaction<Tables>,
  organization: OrganizationId,
  user: AwsUserId | undefined,
): Promise<Holdings> {
  const { sweptAt } = await readProgress(transaction, organization)
  const isRead = sweptAt !== undefined
  if (user === undefined) return { isRead, direct: new Set(), throughGroups: new Set() }
  const principal = `USER:${user}`
  const { rows } = await sql<{ grant_key: GrantKey; is_direct: boolean }>`
    select grant_key, true as is_direct from mirror_assignment
    where organization_id = ${organization} and principal = ${principal}
    union all
    select grant_key, false from mirror_assignment
    where organization_id = ${organization} and principal in (
      select 'GROUP:' || group_id from mirror_member where organization_id = ${organization} and user_id = ${user}
    )
  `.execute(transaction)
  const read = await sql<{ read_at: Date }>`
    select read_at from mirror_principal where organization_id = ${organization} and principal = ${principal}
  `.execute(transaction)
  const grants = (isDirect: boolean): ReadonlySet<GrantKey> =>
    new Set(rows.flatMap(({ grant_key, is_direct }) => (is_direct === isDirect ? [grant_key] : [])))
  return {
    isRead,
    direct: grants(true),
    ...optional('readAt', read.rows[0]?.read_at ?? null, toInstant),
    throughGroups: grants(false),
  }
}

export async function readHeld(
  transaction: Transaction<Tables>,
  organization: OrganizationId,
  { groups, userNames }: { readonly groups: readonly AwsGroupId[]; readonly userNames: readonly string[] },
): Promise<HeldInAws> {
  const { sweptAt } = await readProgress(transaction, organization)
  const ofGroups = await sql<{ id: AwsGroupId; grant_key: GrantKey | null }>`
    select id, grant_key from mirror_group left join mirror_assignment
      on mirror_assignment.organization_id = mirror_group.organization_id and principal = 'GROUP:' || id
    where mirror_group.organization_id = ${organization} and id = any(${[...groups]}::text[])
  `.execute(transaction)
  const ofUsers = await sql<{ id: string; grant_key: GrantKey | null }>`
    with person as (
      select id, lower(user_name) as name from mirror_user
      where organization_id = ${organization} and active is not false
        and lower(user_name) = any(${[...userNames]}::text[])
    ), principal_of as (
      select name, 'USER:' || id as principal from person
      union all
      select name, 'GROUP:' || group_id from person join mirror_member
        on mirror_member.organization_id = ${organization} and user_id = person.id
    )
    select name as id, grant_key from principal_of join mirror_assignment
      on mirror_assignment.organization_id = ${organization} and mirror_assignment.principal = principal_of.principal
  `.execute(transaction)
  return { isRead: sweptAt !== undefined, groups: setsOf(ofGroups.rows), users: setsOf(ofUsers.rows) }
}

function setsOf<Id extends string>(
  rows: readonly { readonly id: Id; readonly grant_key: GrantKey | null }[],
): ReadonlyMap<Id, ReadonlySet<GrantKey>> {
  const sets = new Map<Id, Set<GrantKey>>()
  for (const { id, grant_key: grant } of rows) {
    const set = sets.get(id) ?? new Set()
    if (grant !== null) set.add(grant)
    sets.set(id, set)
  }
  return sets
}

export async function readGroups(
  transaction: Transaction<Tables>,
  organization: OrganizationId,
  groups: readonly AwsGroupId[],
): Promise<ReadGroups> {
  const { sweptAt } = await readProgress(transaction, organization)
  const { rows } = await sql<{ id: AwsGroupId; members: string }>`
    select id, (
      select count(*) from mirror_member
      where mirror_member.organization_id = mirror_group.organization_id and group_id = mirror_group.id
    ) as members from mirror_group where organization_id = ${organization} and id = any(${[...groups]}::text[])
  `.execute(transaction)
  return {
    ...(sweptAt === undefined ? {} : { sweptAt }),
    memberCounts: new Map(rows.map(({ id, members }) => [id, Number(members)])),
  }
}
