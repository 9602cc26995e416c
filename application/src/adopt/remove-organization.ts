import {
  auditEvent,
  checkMayAdminister,
  counted,
  DomainError,
  eventsOfChanges,
  hours,
  minus,
  type Organization,
  type OrganizationId,
  type OrganizationRemoval,
  removalOfOrganization,
  unfinishedAccess,
  type UnfinishedRow,
  type OrganizationView,
  viewAfter,
} from '@gatehouse/domain'
import type { EnrolmentPorts } from '../enrol/enrolment-ports.ts'
import { type Actor, actingAs, demand } from '../governance/actor.ts'
import { desiredStateOf } from '../governance/desired-state-of.ts'
import type { AuditLog } from '../ports/audit-log.ts'
import { pluginFields } from './plugin-fields.ts'
import { beginWithdrawal, leftOf, type Made, madeBlockers, openOf, readMade, takenBy } from './withdrawal.ts'
import { demandDeletes, refusedEdits } from './removal-rights.ts'
import { readView, viewOfOrganization } from '../governance/read-view.ts'

export interface RemoveOrganizationCommand {
  readonly actor: Actor
  readonly organization: OrganizationId
  /** Somebody says that Identity Center has another identity source by now. */
  readonly identitySourceChanged: boolean
  /** Takes references to what goes out of lists and users that stay. */
  readonly strip: boolean
  /** Keys of access with an end, or that was taken away here, that may stay in AWS, each named. */
  readonly release: readonly string[]
  /** Takes away in AWS what Gatehouse made there, before it is forgotten here. Once begun, it counts until somebody stops it. */
  readonly removeMade: boolean
  /** How many of these somebody has read and means. */
  readonly confirmRemovals?: number
}

export interface RemovalReport extends OrganizationRemoval {
  readonly organization: Organization
  /** The OIDC integration that goes with it; absent while another organization is reached by one of the same name. */
  readonly integration: string | undefined
  /** Access in AWS that ends by itself, which would have no end once nobody looks after it. */
  readonly withEnd: readonly UnfinishedRow[]
  /** Access that was taken away here and that AWS has not let go of yet: nobody would take it away there any more. */
  readonly leaving: readonly UnfinishedRow[]
  /** Why it would be refused now. */
  readonly blockers: readonly { readonly message: string; readonly remedy: string }[]
  readonly warnings: readonly string[]
  readonly view: OrganizationView
  /** What Gatehouse made in AWS; absent where it is left there without a look. */
  readonly made?: Made
  /** Once that has begun: what of it AWS has let go of, and what it still has. */
  readonly taken?: ReturnType<typeof takenBy>
  /** Nothing was changed yet, or AWS is being told to let go of what was made, or all is done. */
  readonly state: 'shown' | 'begun' | 'done'
}

type Ports = Pick<EnrolmentPorts, 'store' | 'records' | 'clock'> & {
  readonly auditLog: AuditLog
}

/** What goes, what will dangle, and what stands against it; nothing is changed. @throws DomainError `refused`, `not-found` */
export async function previewRemoval(
  ports: Ports,
  command: RemoveOrganizationCommand,
  signal: AbortSignal,
): Promise<RemovalReport> {
  return (await examine(ports, command, signal)).report
}

/**
 * Takes an organization out of our records, and says what went. Nothing is removed in AWS unless that is asked for: then
 * the engine does that first, and the same command once more ends it.
 * @throws DomainError `refused`, `not-found`, `conflict` for what `previewRemoval` names as a blocker
 */
export async function removeOrganization(
  ports: Ports,
  command: RemoveOrganizationCommand,
  signal: AbortSignal,
): Promise<RemovalReport> {
  const { report, refused, acting, version, memory } = await examine(ports, command, signal)
  if (refused[0]) throw new DomainError({ code: 'refused', ...refused[0] })
  const [blocker] = report.blockers
  if (blocker) throw new DomainError({ code: 'conflict', ...blocker })
  const { organization, view, changes, made } = report
  const now = ports.clock.now()
  if (made && !organization.withdrawal && leftOf(made, command.release).length > 0) {
    const { release, confirmRemovals } = command
    const beginning = { organization, view, made, release, confirmRemovals, by: acting.name, now, memory }
    await ports.store.commit({ expecting: version, ...beginWithdrawal(beginning) }, signal)
    return { ...report, state: 'begun' }
  }
  const events = [
    auditEvent('plugin.delete', {
      time: now,
      user: acting.name,
      subjects: [`organization:${organization.id}`],
      fields: { ...pluginFields(organization), ...saidOf(report, command) },
    }),
    ...integrationEvents(report, acting.name, now),
    ...eventsOfChanges(changes, view, viewAfter(view, changes), now, acting.name),
  ]
  const settled = made ? { settled: made.keys } : {}
  const gone = { delete: 'organization', id: organization.id, released: command.release, ...settled } as const
  await ports.store.commit({ expecting: version, records: [gone, ...changes], events }, signal)
  return { ...report, state: 'done' }
}

/** More rows than this are told by their number alone. */
const MAX_NAMED = 100

function saidOf({ withEnd, leaving, lists, dangling, made, taken }: RemovalReport, command: RemoveOrganizationCommand) {
  const said = new Set<string>(command.release)
  const rows = [...[...withEnd, ...leaving].map(({ key }) => key), ...(made ? openOf(made) : [])]
  const released = [...new Set(rows.filter((key) => said.has(key)))]
  return {
    released: released.slice(0, MAX_NAMED),
    released_count: released.length,
    strip: command.strip,
    identity_source_changed: command.identitySourceChanged,
    lists: lists.length,
    dangling: dangling.length,
    ...(taken ? { removed_in_aws: taken.removed, left_in_aws: taken.left } : {}),
  }
}

function integrationEvents(
  { integration: name, organization }: RemovalReport,
  user: string,
  time: ReturnType<Ports['clock']['now']>,
) {
  if (name === undefined) return []
  const { roleArn } = organization.credentials
  const fields = { name, sub_kind: 'aws-oidc', aws_oidc: { role_arn: roleArn, issuer_s3_uri: '' } }
  return [auditEvent('integration.delete', { time, user, fields })]
}

const integrationOf = ({ credentials }: Organization): string | undefined =>
  credentials.source === 'oidc' ? credentials.integration : undefined

async function examine(ports: Ports, command: RemoveOrganizationCommand, signal: AbortSignal) {
  const reading = await readView(ports, signal)
  const { records, now, enrolled } = reading
  const view = viewOfOrganization(reading, { id: command.organization })
  const { organization } = view
  const acting = actingAs(command.actor, reading)
  demand(acting, 'delete', 'plugin')
  const others = enrolled.filter((other) => other !== view)
  const removal = removalOfOrganization(view, { strip: command.strip, others })
  const integration = integrationOf(organization)
  const isShared = others.some((other) => integrationOf(other.organization) === integration)
  demandDeletes(acting, organization, removal)
  if (removal.serviceProvider) checkMayAdminister([removal.serviceProvider], 'delete', acting.roles)
  const refused = refusedEdits(acting, removal.changes, view)
  const memory = await ports.store.readMemory(organization.id, signal)
  const isWithdrawn = command.removeMade || organization.withdrawal !== undefined
  const made = isWithdrawn ? await readMade(ports, view, memory, signal) : undefined
  const unfinished = withoutMade(unfinishedAccess(view, desiredStateOf(view, now), memory), organization, made)
  const report: RemovalReport = {
    ...removal,
    organization,
    integration: isShared ? undefined : integration,
    view,
    state: 'shown',
    ...(made ? { made, taken: takenBy(made, organization) } : {}),
    ...unfinished,
    blockers: [
      ...refused,
      ...(await writing(ports, organization, signal)),
      ...sourceUnchanged(command, removal),
      ...notReleased(unfinished, command),
      ...(made ? madeBlockers(made, organization, command.release) : []),
    ],
    warnings: await warningsOf(ports, { ...removal, made }, signal),
  }
  return { report, refused, acting, version: records.version, memory }
}

/** What is on its way out of AWS because we made it is told once. */
function withoutMade(
  { withEnd, leaving }: ReturnType<typeof unfinishedAccess>,
  { withdrawal }: Organization,
  made: Made | undefined,
): ReturnType<typeof unfinishedAccess> {
  if (!withdrawal || !made) return { withEnd, leaving }
  const going = new Set<string>(openOf(made))
  return { withEnd: withEnd.filter(({ key }) => !going.has(key)), leaving }
}

async function writing(
  { store }: Ports,
  { id }: Organization,
  signal: AbortSignal,
): Promise<RemovalReport['blockers']> {
  const entries = await store.readJournal(id, signal)
  const count = entries.filter(({ state }) => state === 'intended' || state === 'sent').length
  if (count === 0) return []
  return [
    {
      message: `${counted(count, 'write to AWS is', 'writes to AWS are')} under way.`,
      remedy: 'Wait until that is done, and repeat.',
    },
  ]
}

const sourceUnchanged = (
  { identitySourceChanged }: RemoveOrganizationCommand,
  { serviceProvider }: OrganizationRemoval,
): RemovalReport['blockers'] =>
  identitySourceChanged || !serviceProvider
    ? []
    : [
        {
          message: 'Nobody can sign in to AWS any more if Gatehouse still is the identity source.',
          remedy:
            'Change the identity source in the console of IAM Identity Center first, and confirm it (--identity-source-changed).',
        },
      ]

function notReleased(
  { withEnd, leaving }: Pick<RemovalReport, 'withEnd' | 'leaving'>,
  { release }: RemoveOrganizationCommand,
): RemovalReport['blockers'] {
  const released = new Set(release)
  const left = (rows: readonly UnfinishedRow[]): number => rows.filter(({ key }) => !released.has(key)).length
  const [ending, going] = [left(withEnd), left(leaving)]
  return [
    ...(ending === 0
      ? []
      : [
          {
            message: `${counted(ending, 'row of access in AWS has', 'rows of access in AWS have')} an end, and would have none once nobody looks after it.`,
            remedy: 'End the requests and memberships and wait until AWS has confirmed it, or release each row.',
          },
        ]),
    ...(going === 0
      ? []
      : [
          {
            message: `${counted(going, 'row of access was taken away here and is', 'rows of access were taken away here and are')} still in AWS, where nobody would take access away any more.`,
            remedy:
              'Wait until AWS has confirmed it; let removals that are held go ahead (tctl plugins release). Or release each row.',
          },
        ]),
  ]
}

async function warningsOf(
  { auditLog, clock }: Ports,
  { serviceProvider, lists, made }: OrganizationRemoval & { readonly made: Made | undefined },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const query = { event: 'saml.idp.auth', from: minus(clock.now(), hours(1)), limit: 200 }
  const recent = serviceProvider ? await auditLog.list(query, signal) : []
  const people = new Set(
    recent.flatMap(({ user, fields }) =>
      fields['success'] === true && fields['service_provider_entity_id'] === serviceProvider?.metadata.entityId
        ? [user]
        : [],
    ),
  )
  return [
    ...(people.size > 0
      ? [
          `${counted(people.size, 'person', 'people')} signed in to AWS through Gatehouse within the last hour: is the identity source changed?`,
        ]
      : []),
    ...(made && made.users > 0
      ? [`${counted(made.users, 'user')} that Gatehouse created in AWS ${made.users === 1 ? 'stays' : 'stay'} there.`]
      : []),
    ...(made && made.unknown > 0
      ? [
          `${counted(made.unknown, 'assignment')} that ${made.unknown === 1 ? 'is' : 'are'} granted here ${made.unknown === 1 ? 'stays' : 'stay'} in AWS: it is not known whether an earlier version of Gatehouse made ${made.unknown === 1 ? 'it' : 'them'}.`,
        ]
      : []),
    ...(lists.length > 0 && !made
      ? ['Groups, members and assignments stay in AWS as they are, and nobody reviews them.']
      : []),
  ]
}
