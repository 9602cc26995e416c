import {
  type AccessList,
  awsNameBeside,
  auditEvent,
  type AwsPrincipal,
  DomainError,
  groupKey,
  type ObservedState,
  type Organization,
  profileOf,
  type OrganizationView,
  whyNotLed,
} from '@gatehouse/domain'
import { type Acting, type Actor, actingAs, demand } from '../governance/actor.ts'
import type { GovernancePorts } from '../governance/governance-ports.ts'
import { type Reading, readView, viewOfOrganization } from '../governance/read-view.ts'
import type { RecordChange } from '../ports/store.ts'
import type { OrganizationEngine } from '../reconcile/organization-engine.ts'
import { linkedElsewhere } from './linked-elsewhere.ts'

export interface LinkCommand {
  readonly actor: Actor
  readonly organization: Organization
  readonly kind: 'user' | 'group'
  /** A user's name, or a list's id or title. */
  readonly ours: string
  /** AWS's name or id. */
  readonly aws: string
}

/**
 * Says that a user or group in AWS is the one here. What it holds there is read first and adopted with the link, so that
 * nothing of it is removed for having been there. @throws DomainError `not-found`, `conflict`
 */
export async function linkPrincipal(
  ports: Pick<GovernancePorts, 'store' | 'records' | 'clock'>,
  engine: OrganizationEngine,
  command: LinkCommand,
  signal: AbortSignal,
): Promise<{ kind: string; ours: string; aws: string; adoptedAssignments: number }> {
  const reading = await readView(ports, signal)
  const { records, now } = reading
  const view = viewOfOrganization(reading, command.organization)
  const acting = actingAs(command.actor, { view, now })
  demand(acting, 'update', 'aws_identity_center')
  const found = findInAws(command, engine.observed())
  const observed = engine.observed()
  const changes =
    command.kind === 'user' ? linkUser(command, found, view, observed) : linkGroup(command, found, view, observed)
  if (command.kind === 'group') demandMembers(acting, listOf(command, view), reading, view)
  await engine.readPrincipal(found.principal, signal)
  await ports.store.commit(
    {
      expecting: records.version,
      records: changes,
      events: [
        auditEvent('aws_identity_center.adopted', {
          time: now,
          user: acting.name,
          subjects: [`organization:${command.organization.id}`],
          fields: { linked: command.kind, ours: command.ours, aws: found.name, external_id: found.principal.id },
        }),
      ],
    },
    signal,
  )
  const adoptedAssignments = await engine.adoptNow(signal)
  return { kind: command.kind, ours: command.ours, aws: found.name, adoptedAssignments }
}

interface Found {
  readonly principal: AwsPrincipal
  readonly name: string
}

function findInAws({ kind, aws }: LinkCommand, observed: ObservedState): Found {
  const wanted = aws.toLowerCase()
  if (kind === 'user') {
    const user = [...observed.users.values()].find(
      ({ id, userName }) => id === aws || userName.toLowerCase() === wanted,
    )
    if (user) return { principal: { type: 'USER', id: user.id }, name: user.userName }
  } else {
    const group = [...observed.groups.values()].find(
      ({ id, displayName }) => id === aws || displayName.toLowerCase() === wanted,
    )
    if (group) return { principal: { type: 'GROUP', id: group.id }, name: group.displayName }
  }
  throw new DomainError({ code: 'not-found', kind: `${kind} in Identity Center`, name: aws, field: 'aws' })
}

/** What we made for the one that is left behind would never be taken away again. */
const alreadyLinked = (ours: string, other: string): DomainError =>
  new DomainError({
    code: 'conflict',
    message: `"${ours}" is linked to "${other}" in Identity Center already.`,
    remedy: 'One here is one there. Delete that one in Identity Center first, or remove the one here.',
  })

function linkUser(
  { ours, organization }: LinkCommand,
  { principal, name }: Found,
  view: OrganizationView,
  observed: ObservedState,
): readonly RecordChange[] {
  const user = view.users.find((candidate) => candidate.name.toLowerCase() === ours.toLowerCase())
  if (!user) throw new DomainError({ code: 'not-found', kind: 'user', name: ours, field: 'ours' })
  const other = view.userLinks.find(
    (link) => link.awsUser === principal.id && !link.userDeleted && link.user !== user.id,
  )
  if (other || principal.type !== 'USER') {
    throw new DomainError({
      code: 'conflict',
      message: `"${name}" in Identity Center is linked to another user.`,
      remedy: 'Check the names; one user in AWS is one user here.',
    })
  }
  const present = observed.users.get(view.userLinkByUser.get(user.id)?.awsUser ?? principal.id)
  if (present && present.id !== principal.id) throw alreadyLinked(user.name, present.userName)
  // The user here whose it was is gone: it was made inactive then, and becomes active again.
  const former = view.userLinks.find((link) => link.awsUser === principal.id && link.user !== user.id)
  return [
    ...(former ? [{ delete: 'user-link', organization: organization.id, user: former.user } as const] : []),
    {
      put: 'user-link',
      link: {
        organization: organization.id,
        user: user.id,
        awsUser: principal.id,
        origin: 'adopted',
        pushed: { ...profileOf(user), active: former?.pushed.active ?? true },
        ...awsNameBeside(profileOf(user), name),
        assignmentsAdopted: false,
        userDeleted: false,
      },
    },
  ]
}

function linkGroup(
  command: LinkCommand,
  { principal, name }: Found,
  view: OrganizationView,
  observed: ObservedState,
): readonly RecordChange[] {
  const { organization } = command
  const list = listOf(command, view)
  const group = groupKey(list.id, 'members')
  const other = view.groupLinks.find((link) => link.awsGroup === principal.id && link.group !== group)
  if (other || principal.type !== 'GROUP') {
    throw new DomainError({
      code: 'conflict',
      message: `The group "${name}" in Identity Center is linked to another list.`,
      remedy: 'Check the names; one group in AWS is one list here.',
    })
  }
  const known = view.groupLinkByKey.get(group)
  const present = observed.groups.get(known?.awsGroup ?? principal.id)
  if (present && present.id !== principal.id) throw alreadyLinked(list.title, present.displayName)
  const keepsName = known?.awsGroup === principal.id && known.adoptedUnder !== undefined
  return [
    {
      put: 'group-link',
      link: {
        organization: organization.id,
        group,
        list: list.id,
        side: 'members',
        awsGroup: principal.id,
        origin: 'adopted',
        pushedTitle: name,
        ...(keepsName ? { adoptedUnder: known.adoptedUnder } : {}),
        contentsAdopted: false,
      },
    },
  ]
}

function listOf({ ours }: LinkCommand, { lists }: OrganizationView): AccessList {
  const list = lists.find(({ id, title }) => id === ours || title.toLowerCase() === ours.toLowerCase())
  if (list) return list
  throw new DomainError({ code: 'not-found', kind: 'access list', name: ours, field: 'ours' })
}

/** Whoever is in the group becomes a member of the list: where that gives more than the group, it takes the right to it. */
function demandMembers(acting: Acting, list: AccessList, { records }: Reading, view: OrganizationView): void {
  if (whyNotLed(list, view, linkedElsewhere(records, view.organization.id)) === undefined) return
  demand(acting, 'update', 'access_list', { name: list.id, labels: list.labels })
}
