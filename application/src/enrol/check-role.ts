import { counted, DomainError, type EnrolmentDraft, eventsOfCheck, recordCheck } from '@gatehouse/domain'
import { demand } from '../governance/actor.ts'
import type { PermissionCheck } from '../ports/enrolment-probe.ts'
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

const ROLE_ARN = /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/

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
  const { roleArn } = organization.credentials
  if (!ROLE_ARN.test(roleArn))
    throw new DomainError({
      code: 'invalid-value',
      field: 'roleArn',
      text: roleArn,
      expected: 'the ARN of a role such as arn:aws:iam::111122223333:role/gatehouse',
    })
  const tried = await whileNew(signal, () => ports.probeEnrolment(organization).checkPermissions(signal))
  const result = judge(tried, new Set(draft.given.extras ?? []))
  const { isOk, message } = result
  const checked = recordCheck(draft, 'aws', { isOk, message, at: reading.now, by: acting.name })
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

function judge(tried: Tried, ticked: ReadonlySet<string>): Omit<CheckedRole, 'draft'> & { readonly isOk: boolean } {
  if (tried instanceof IdentityCenterError) {
    const message = `The role can not be assumed: ${tried.message}`
    return { isOk: false, isAssumed: false, message, remedy: remedyFor(tried), permissions: [] }
  }
  const isWanted = ({ extra }: PermissionCheck): boolean => extra === undefined || ticked.has(extra)
  const missing = tried.filter((check) => check.outcome === 'missing' && isWanted(check))
  const unproven = tried.filter((check) => check.outcome === 'unproven' && isWanted(check)).length
  const isOk = missing.length === 0
  return {
    isOk,
    isAssumed: true,
    message: isOk
      ? `The role may do what was tried; ${counted(unproven, 'permission can only be proven by using it', 'permissions can only be proven by using them')}.`
      : `The role lacks ${missing.map(({ action }) => action).join(', ')}.`,
    remedy: isOk ? '' : LACKING,
    permissions: tried,
  }
}

const LACKING =
  'Run the script again, or add them to the role. If it has just run, check again in a few seconds: AWS takes that long to notice.'

const remedyFor = ({ failure }: IdentityCenterError): string =>
  failure === 'unavailable'
    ? 'AWS has to reach the public address of Gatehouse: its /.well-known/openid-configuration and its keys.'
    : 'Run the script again in this account, and paste the ARN that it prints last.'
