import { DomainError, type EnrolmentDraft, type Organization } from '@gatehouse/domain'
import { enrol } from '../adopt/enrol.ts'
import { type DraftQuery, getDraft } from './drafts.ts'
import type { EnrolmentPorts } from './enrolment-ports.ts'
import { organizationOfDraft, required } from './organization-of-draft.ts'

export interface FinishEnrolmentCommand extends DraftQuery {
  readonly revision: number
  /** It may be made later; in hybrid mode there is none. */
  readonly withoutServiceProvider?: boolean
}

/**
 * Installs what the draft of the revision says, in shadow mode: the organization, and Identity Center as a service provider, together or
 * not at all. The draft stays for the steps that come after, without its token. @throws DomainError what `enrol` throws
 */
export async function finishEnrolment(
  ports: EnrolmentPorts,
  { withoutServiceProvider = false, ...query }: FinishEnrolmentCommand,
  signal: AbortSignal,
): Promise<Organization> {
  const { draft } = await getDraft(ports, query, signal)
  const command = await commandOf(ports, draft, { withoutServiceProvider, signal })
  const organization = await enrol(ports, { ...command, actor: query.actor }, signal)
  const done = { ...draft, hasScimToken: false, revision: draft.revision + 1 }
  await ports.enrolments.save(done, { replacing: draft.revision, scimToken: null }, signal).catch(ignoreStale)
  return organization
}

async function commandOf(
  ports: EnrolmentPorts,
  draft: EnrolmentDraft,
  { withoutServiceProvider, signal }: { readonly withoutServiceProvider: boolean; readonly signal: AbortSignal },
) {
  const { given, name } = draft
  const missing = (field: string, expected: string): DomainError =>
    new DomainError({ code: 'invalid-value', field, text: '', expected: `${expected}; it is required` })
  const { instanceArn, region, credentials, ...organization } = organizationOfDraft(draft, ports.clock.now())
  const scimToken = await ports.enrolments.scimToken(draft, signal)
  const defaultOwners = given.defaultOwners ?? []
  if (defaultOwners.length === 0) throw missing('defaultOwners', 'users who own the lists made from groups')
  const scimUrl = required(given, 'scimUrl')
  if (scimToken === undefined) throw missing('scimToken', 'the token that the console shows once')
  const { hybrid, accountFilter, groupFilter, userFilter, rolesSyncMode } = organization
  return {
    name,
    region,
    instanceArn,
    credentials,
    scimUrl,
    scimToken,
    defaultOwners,
    hybrid,
    accountFilter,
    groupFilter,
    userFilter,
    rolesSyncMode,
    ...(given.forceScimUrl === undefined ? {} : { forceScimUrl: given.forceScimUrl }),
    ...(given.startUrl === undefined ? {} : { startUrl: given.startUrl }),
    ...(given.portalUrl === undefined ? {} : { portalUrl: given.portalUrl }),
    ...(hybrid || withoutServiceProvider ? {} : { serviceProvider: serviceProviderOf(draft) }),
  }
}

/** Unless the organization keeps its own identity source, people sign in to it here. @throws DomainError `invalid-value` */
const serviceProviderOf = ({ name, given }: EnrolmentDraft) => ({
  name: given.serviceProviderName ?? name,
  metadata: required(given, 'serviceProviderMetadata'),
})

/** Somebody edits what is installed already: nothing to say about that here. */
function ignoreStale(error: unknown): void {
  if (error instanceof DomainError && error.problem.code === 'stale') return
  throw error
}
