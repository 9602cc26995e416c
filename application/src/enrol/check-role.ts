import { counted, type EnrolmentDraft, eventsOfCheck, recordCheck } from '@gatehouse/domain'
import { demand } from '../governance/actor.ts'
import type { EnrolmentProbe, PermissionCheck } from '../ports/enrolment-probe.ts'
import { IdentityCenterError } from '../ports/identity-center.ts'
import { sleep } from '../reconcile/visit-gate.ts'
import { type DraftQuery, getDraft } from './drafts.ts'
import type { EnrolmentPorts } from './enrolment-ports.ts'
import { organizationOfDraft } from './organization-of-draft.ts'

export interface CheckedRole {
  readonly draft: EnrolmentDraft
  /** Whether AWS let us in at all; without that no permission can be looked at. */
  readonly isAssumed: boolean
  readonly message: string
  readonly remedy: string
  readonly permissions: readonly PermissionCheck[]
}

/**
 * Tries the pasted role, permission by permission, and writes down how it went; nothing in AWS is changed.
 * @throws DomainError `refused`, `invalid-value`, `not-found`, `stale`
 */
export async function checkRole(
  ports: Pick<EnrolmentPorts, 'store' | 'records' | 'clock' | 'enrolments' | 'probeEnrolment'>,
  query: DraftQuery,
  signal: AbortSignal,
): Promise<CheckedRole> {
  const { draft, acting, reading } = await getDraft(ports, query, signal)
  demand(acting, 'use', 'integration')
  const organization = organizationOfDraft(draft, reading.now)
  const probe = ports.probeEnrolment(organization)
  const tried = await whileNew(signal, () => probe.checkPermissions(signal))
  const instance = tried instanceof IdentityCenterError ? tried : await describeInstance(probe, signal)
  const result = judge(tried, new Set(draft.given.extras ?? []), instance)
  const { isOk, message } = result
  const identityStore = 'identityStoreId' in instance ? { identityStoreId: instance.identityStoreId } : {}
  const checked = recordCheck(draft, 'aws', { isOk, message, at: reading.now, by: acting.name, ...identityStore })
  await ports.enrolments.save(checked, { replacing: draft.revision, events: eventsOfCheck(checked, 'aws') }, signal)
  return { draft: checked, ...result }
}

type Tried = readonly PermissionCheck[] | IdentityCenterError

/** IAM tells its own parts of a new provider or role within seconds, and the script has often just made them. */
const PROPAGATION_MS = 10_000

async function whileNew(signal: AbortSignal, attempt: () => Promise<readonly PermissionCheck[]>): Promise<Tried> {
  const end = performance.now() + PROPAGATION_MS
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof IdentityCenterError)) throw error
      if (performance.now() > end || error.failure === 'unavailable') return error
      await sleep(1_000, signal)
    }
  }
}

type Instance = { readonly identityStoreId: string } | IdentityCenterError

async function describeInstance({ identityCenter }: EnrolmentProbe, signal: AbortSignal): Promise<Instance> {
  try {
    return await identityCenter.describeInstance({ lane: 'just-in-time', signal })
  } catch (error) {
    if (error instanceof IdentityCenterError) return error
    throw error
  }
}

function judge(
  tried: Tried,
  ticked: ReadonlySet<string>,
  instance: Instance,
): Omit<CheckedRole, 'draft'> & { readonly isOk: boolean } {
  if (tried instanceof IdentityCenterError) {
    const message = `The role can not be assumed: ${tried.message}`
    return { isOk: false, isAssumed: false, message, remedy: remedyFor(tried), permissions: [] }
  }
  const isWanted = ({ extra }: PermissionCheck): boolean => extra === undefined || ticked.has(extra)
  const missing = tried.filter((check) => check.outcome === 'missing' && isWanted(check))
  const unproven = tried.filter((check) => check.outcome === 'unproven' && isWanted(check)).length
  // Permissions for an instance that is not there are worth nothing.
  if (instance instanceof IdentityCenterError) {
    const message = missing.length === 0 ? `AWS does not show the instance: ${instance.message}` : sayMissing(missing)
    const remedy = missing.length === 0 ? OTHER_INSTANCE : `${OTHER_INSTANCE} ${LACKING}`
    return { isOk: false, isAssumed: true, message, remedy, permissions: tried }
  }
  const isOk = missing.length === 0
  return {
    isOk,
    isAssumed: true,
    message: isOk
      ? `The role may do what was tried; ${counted(unproven, 'permission can only be proven by using it', 'permissions can only be proven by using them')}.`
      : sayMissing(missing),
    remedy: isOk ? '' : LACKING,
    permissions: tried,
  }
}

const sayMissing = (missing: readonly PermissionCheck[]): string =>
  `The role lacks ${missing.map(({ action }) => action).join(', ')}.`

const OTHER_INSTANCE =
  'Check the Region and the instance ARN: the console of IAM Identity Center has both under "Settings", and the role has to be of the same organization.'
const LACKING =
  'Run the script again, or add them to the role. If it has just run, check again in a few seconds: AWS takes that long to notice.'

const remedyFor = ({ failure }: IdentityCenterError): string =>
  failure === 'unavailable'
    ? 'AWS has to reach the public address of Gatehouse: its /.well-known/openid-configuration and its keys.'
    : 'Run the script again in this account, and paste the ARN that it prints last.'
