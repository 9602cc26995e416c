import { listsAround } from '../access-lists/nesting.ts'
import { awsOnlyMembersOf, membershipsOf, ownershipsOf } from '../access-lists/memberships.ts'
import type { AccessList, Member } from '../access-lists/access-list.ts'
import { withoutMembers } from '../access-lists/manage-members.ts'
import { auditEvent, type AuditEvent } from '../audit/audit-event.ts'
import type { OrganizationView, View } from '../desired-state/view.ts'
import type { AwsUserId } from '../identity-center/account-assignment.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId, RoleName, UserId } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import type { GroupLink } from '../organizations/link.ts'
import { isBuiltIn } from '../roles/preset-roles.ts'
import { canonicalName } from '../roles/role-names.ts'
import type { Role, RoleReference } from '../roles/role.ts'
import type { User } from '../users/user.ts'
import { memberFields, requestFields } from './audit-fields.ts'
import { eventsOfChanges, subjectOfMember } from './events-of-changes.ts'
import { type GovernanceChange, viewAfter } from './governance-change.ts'

export interface Removal {
  readonly changes: readonly GovernanceChange[]
  readonly events: readonly AuditEvent[]
}

/** A user goes out of every list, and his requests and direct access end with him. */
export function removeUser(user: User, view: View, now: Instant, by: string): Removal {
  const requests = view.requestsByUser.get(user.id) ?? []
  const records: GovernanceChange[] = [
    ...view.lists.flatMap((list): GovernanceChange[] => {
      const next = withoutUser(list, user.id)
      return next === list ? [] : [{ put: 'list', list: next }]
    }),
    ...view.locks.flatMap((lock): GovernanceChange[] =>
      lock.target.kind === 'user' && lock.target.user === user.id ? [{ delete: 'lock', id: lock.id }] : [],
    ),
    ...view.byOrganization.flatMap(({ organization: { id }, adoptedByUser }) =>
      (adoptedByUser.get(user.id) ?? []).map(({ grant }): GovernanceChange => ({
        delete: 'adopted',
        organization: id,
        user: user.id,
        grant,
      })),
    ),
    ...requests.map(({ id }): GovernanceChange => ({ delete: 'request', id })),
    { delete: 'user', id: user.id },
  ]
  const ended = requests.map((request) =>
    auditEvent('access_request.delete', {
      time: now,
      user: by,
      subjects: [`request:${request.id}`, `user:${user.id}`],
      fields: requestFields(request, view),
    }),
  )
  return { changes: records, events: [...ended, ...eventsOfChanges(records, view, viewAfter(view, records), now, by)] }
}

function withoutUser(list: AccessList, user: UserId): AccessList {
  const members = list.members.filter((member) => member.kind !== 'user' || member.user !== user)
  const owners = list.owners.filter((owner) => owner.kind !== 'user' || owner.user !== user)
  const { escalation, ...rest } = list
  const to = escalation?.to.filter((target) => target.kind !== 'user' || target.user !== user) ?? []
  const stays =
    members.length === list.members.length &&
    owners.length === list.owners.length &&
    to.length === (escalation?.to.length ?? 0)
  if (stays) return list
  return {
    ...rest,
    members,
    owners,
    ...(escalation && to.length > 0 ? { escalation: { ...escalation, to } } : {}),
    revision: list.revision + 1,
  }
}

/**
 * Entries of a list, each with an event of its own: what is said of one person names nobody else.
 * @throws DomainError `refused` when another system keeps the members.
 */
export function removeMembers(
  list: AccessList,
  members: readonly Member[],
  view: View,
  now: Instant,
  by: string,
): Removal {
  const next = { ...withoutMembers(list, members), revision: list.revision + 1 }
  const events = members.map((member) =>
    auditEvent('access_list.member.delete', {
      time: now,
      user: by,
      subjects: [`list:${list.id}`, ...subjectOfMember(member)],
      fields: memberFields(list, [member], view, by, now),
    }),
  )
  return { changes: [{ put: 'list', list: next }], events }
}

/** @throws DomainError `in-use` while somebody or something names it, `refused` for what is built in. */
export function removeRole(role: Role, view: View, now: Instant, by: string): Removal {
  if (isBuiltIn(role))
    throw new DomainError({
      code: 'refused',
      message: `Role "${role.name}" is built in.`,
      remedy: 'Take it away from whoever should not have it.',
    })
  const users = usesOfRole(role.name, view)
  if (users.length > 0) throw new DomainError({ code: 'in-use', kind: 'role', name: role.name, by: users })
  const changes: GovernanceChange[] = [{ delete: 'role', name: role.name }]
  return { changes, events: eventsOfChanges(changes, view, viewAfter(view, changes), now, by) }
}

function usesOfRole(name: RoleName, view: View): readonly string[] {
  const names = (references: readonly RoleReference[]): boolean =>
    references.some((reference) => canonicalName(reference, view) === name)
  return [
    ...view.users.filter(({ roles }) => names(roles)).map((user) => `user ${user.name}`),
    ...view.lists
      .filter(({ grants, ownerGrants }) => names(grants.roles) || names(ownerGrants.roles))
      .map(({ title }) => `access list "${title}"`),
    ...view.requests
      .filter(({ state, roles }) => state === 'pending' && names(roles))
      .map(({ id }) => `access request ${id}`),
  ]
}

/**
 * A list that is in no other one. Its group goes too when we made it, or when that is asked for; an adopted one stays as
 * it is, less the members whose entry would have ended.
 * @throws DomainError `in-use`
 */
export function removeList(
  list: AccessList,
  options: { readonly withGroup: boolean },
  view: View,
  now: Instant,
  by: string,
): Removal {
  const around = listsAround(list.id, view.lists)
  if (around.length > 0)
    throw new DomainError({
      code: 'in-use',
      kind: 'access list',
      name: list.title,
      by: around.map(({ title }) => `access list "${title}"`),
    })
  const endings = view.byOrganization.flatMap((one) =>
    one.groupLinks
      .filter((link) => link.list === list.id)
      .map((link): GovernanceChange => {
        const ending = endingOf(link, list, options.withGroup, one, now)
        return { put: 'group-link', link: { ...link, organization: one.organization.id, ending } }
      }),
  )
  const changes: GovernanceChange[] = [...endings, { delete: 'list', id: list.id }]
  return { changes, events: eventsOfChanges(changes, view, viewAfter(view, changes), now, by) }
}

function endingOf(
  link: GroupLink,
  list: AccessList,
  withGroup: boolean,
  view: OrganizationView,
  now: Instant,
): NonNullable<GroupLink['ending']> {
  if (withGroup || link.origin === 'created') return { how: 'delete' }
  return { how: 'release', removing: membersWithAnEnd(link, list, view, now) }
}

/** Access with an end would have none once nobody looks after the group. */
function membersWithAnEnd(
  link: GroupLink,
  list: AccessList,
  view: OrganizationView,
  now: Instant,
): readonly AwsUserId[] {
  const strangers = [...awsOnlyMembersOf(list, view, now)].flatMap(([id, until]) => (until === undefined ? [] : [id]))
  const ours = view.users.flatMap((user) => {
    const memberships = membershipsOf(user, view, now)
    const entries = link.side === 'members' ? memberships : ownershipsOf(user, view, memberships)
    const awsUser = view.userLinkByUser.get(user.id)?.awsUser
    return awsUser !== undefined && endsIn(entries.get(list.id)) ? [awsUser] : []
  })
  return link.side === 'members' ? [...strangers, ...ours] : ours
}

const endsIn = (entry: { readonly list: AccessListId; readonly until: Instant | undefined } | undefined): boolean =>
  entry?.until !== undefined
