import type { EnrolmentView } from '@gatehouse/api'
import {
  denialOfSignIn,
  effectiveRoles,
  type EnrolmentCheck,
  type EnrolmentDraft,
  formatInstant,
  type Installed,
  type Organization,
  organizationOfProvider,
  type ServiceProvider,
  stepsOf,
  type View,
} from '@gatehouse/domain'
import { examineMetadata, type Reading } from '@gatehouse/application'
import type { HandlerPorts } from './create-handlers.ts'
import { presentAccountFilter, presentGroupFilter } from './filters.ts'

/** A draft with the state of its steps, the last ones as the installed organization has them. */
export async function presentEnrolment(
  draft: EnrolmentDraft,
  reading: Reading,
  ports: Pick<HandlerPorts, 'engine' | 'saml' | 'auditLog'>,
  signal: AbortSignal,
): Promise<EnrolmentView> {
  const organization = reading.records.organizations.find(({ name }) => name === draft.name)
  const provider = organization && providerInto(organization, reading.view)
  const installed = organization && (await installedOf(organization, provider, reading, ports, signal))
  const [metadata] = examineMetadata(ports, draft, reading).problems
  const problems = { owners: problemOfOwners(draft, reading), metadata: metadata?.message }
  return {
    name: draft.name,
    startedBy: draft.startedBy,
    startedAt: formatInstant(draft.startedAt),
    changedBy: draft.changedBy,
    changedAt: formatInstant(draft.changedAt),
    revision: draft.revision,
    installed: installed !== undefined,
    ...(provider ? { serviceProvider: provider.name } : {}),
    given: presentGiven(draft),
    hasScimToken: draft.hasScimToken,
    steps: stepsOf(draft, installed, problems).map(({ check, missing, ...step }) => ({
      ...step,
      missing: [...missing],
      ...(check ? { check: presentCheck(check) } : {}),
    })),
  }
}

/** Where people sign in to it. */
const providerInto = ({ id }: Organization, view: View): ServiceProvider | undefined =>
  view.serviceProviders.find((provider) => organizationOfProvider(provider, view)?.organization.id === id)

/** Somebody may have gone since he was chosen. */
function problemOfOwners({ given }: EnrolmentDraft, { view }: Reading): string | undefined {
  const names = new Set(view.users.map(({ name }) => name.toLowerCase()))
  const gone = (given.defaultOwners ?? []).filter((owner) => !names.has(owner.toLowerCase()))
  return gone.length === 0
    ? undefined
    : `There is no user ${gone.map((name) => `"${name}"`).join(', ')}: choose others.`
}

function presentGiven({ given }: EnrolmentDraft): EnrolmentView['given'] {
  const { extras, defaultOwners, accountFilter, groupFilter, userFilter, ...plain } = given
  return {
    ...plain,
    // What is kept was read by the same schema.
    ...(extras ? { extras: extras as Exclude<EnrolmentView['given']['extras'], undefined> } : {}),
    ...(defaultOwners ? { defaultOwners: [...defaultOwners] } : {}),
    ...(accountFilter ? { accountFilter: presentAccountFilter(accountFilter) } : {}),
    ...(groupFilter ? { groupFilter: presentGroupFilter(groupFilter) } : {}),
    ...(userFilter ? { userFilter: userFilter.map((labels) => ({ ...labels })) } : {}),
  }
}

const presentCheck = ({ isOk, message, at, by }: EnrolmentCheck) => ({ ok: isOk, message, at: formatInstant(at), by })

async function installedOf(
  organization: Organization,
  provider: ServiceProvider | undefined,
  { view, now }: Reading,
  { engine, auditLog }: Pick<HandlerPorts, 'engine' | 'auditLog'>,
  signal: AbortSignal,
): Promise<Installed> {
  const status = engine.of(organization.id)?.status()
  const { error: failure } = status?.sweep ?? {}
  return {
    ...(failure === undefined ? {} : { failure }),
    isAdopted: status?.adopted ?? false,
    isActive: organization.mode === 'active',
    canSignIn: view.users.some(
      (user) => !denialOfSignIn(effectiveRoles(user, view, now, { assumed: [] }), provider?.labels, provider?.name),
    ),
    hasServiceProvider: provider !== undefined,
    hasSignedIn:
      provider !== undefined &&
      (await auditLog.hasSignedInTo(provider.metadata.entityId, organization.createdAt, signal)),
  }
}
