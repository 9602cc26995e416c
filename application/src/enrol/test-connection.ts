import { DomainError, type EnrolmentDraft, eventsOfCheck, type Instant, recordCheck } from '@gatehouse/domain'
import { problemOfScimAddress } from '../adopt/enrol.ts'
import { missingFromDirectory } from '../adopt/missing-from-directory.ts'
import type { ScimTest } from '../ports/enrolment-probe.ts'
import { IdentityCenterError } from '../ports/identity-center.ts'
import { type DraftQuery, getDraft } from './drafts.ts'
import type { EnrolmentPorts } from './enrolment-ports.ts'
import { organizationOfDraft, required } from './organization-of-draft.ts'

export interface TestedScim extends Omit<ScimTest, 'outcome'> {
  readonly outcome: ScimTest['outcome'] | 'another-instance'
  readonly remedy: string
}

/** Tries the SCIM address and token that are given, and writes down how it went. @throws DomainError `invalid-value`, `stale` */
export async function testConnection(
  ports: Pick<EnrolmentPorts, 'store' | 'records' | 'clock' | 'enrolments' | 'probe' | ScimPorts>,
  query: DraftQuery,
  signal: AbortSignal,
): Promise<TestedScim & { readonly draft: EnrolmentDraft }> {
  const { draft, acting, reading } = await getDraft(ports, query, signal)
  const scimUrl = required(draft.given, 'scimUrl')
  const token = await ports.enrolments.scimToken(draft, signal)
  if (token === undefined)
    throw new DomainError({
      code: 'invalid-value',
      field: 'scimToken',
      text: '',
      expected: 'the token that the console shows once; it is required',
    })
  const { forceScimUrl } = draft.given
  const given = { scimUrl, token, ...(forceScimUrl === undefined ? {} : { forceScimUrl }) }
  const answered = await tryScim(ports, given, signal)
  const elsewhere =
    answered.outcome === 'ok' ? await findElsewhere(ports, draft, token, reading.now, signal) : undefined
  const tested = elsewhere ?? answered
  const check = { isOk: tested.outcome === 'ok', message: tested.message, at: reading.now, by: acting.name }
  const checked = recordCheck(draft, 'scim', check)
  await ports.enrolments.save(checked, { replacing: draft.revision, events: eventsOfCheck(checked, 'scim') }, signal)
  return { ...tested, draft: checked }
}

/** Whether it is the endpoint of the instance of the first step: known once its role has been checked, and while AWS answers. */
async function findElsewhere(
  { probe }: Pick<EnrolmentPorts, 'probe'>,
  draft: EnrolmentDraft,
  token: string,
  now: Instant,
  signal: AbortSignal,
): Promise<TestedScim | undefined> {
  const { isOk = false, identityStoreId } = draft.checks.aws ?? {}
  if (!isOk || identityStoreId === undefined) return undefined
  const call = { lane: 'just-in-time', signal } as const
  const { identityCenter, directory } = probe({ ...organizationOfDraft(draft, now), identityStoreId }, token)
  try {
    const groups = await identityCenter.listGroups(call)
    const users = groups.length === 0 ? await identityCenter.listUsers(call) : []
    const missing = await missingFromDirectory(directory, { groups, users }, call)
    if (missing === undefined) return undefined
    const message = `Address and token are those of another instance: it does not know the ${missing} of this one.`
    return { outcome: 'another-instance', message, remedy: REMEDIES['another-instance'] }
  } catch (error) {
    if (error instanceof IdentityCenterError) return undefined
    throw error
  }
}

type ScimPorts = 'testScim' | 'allowsLoopback' | 'isPrivateHost'

/** An address that is not AWS's is sent nothing. */
export async function tryScim(
  ports: Pick<EnrolmentPorts, ScimPorts>,
  given: { readonly scimUrl: string; readonly token: string; readonly forceScimUrl?: boolean },
  signal: AbortSignal,
): Promise<TestedScim> {
  const wrong = await problemOfScimAddress(ports, given)
  if (wrong) return { outcome: 'not-an-endpoint', message: wrong.message, remedy: `Enter ${wrong.expected}.` }
  const tested = await ports.testScim(given.scimUrl, given.token, signal)
  return { ...tested, remedy: REMEDIES[tested.outcome] }
}

const REMEDIES: Readonly<Record<TestedScim['outcome'], string>> = {
  ok: '',
  'not-an-endpoint':
    'Copy the SCIM endpoint from "Automatic provisioning" in the console of IAM Identity Center again.',
  'another-instance': 'Copy address and token from the console of the instance of the first step.',
  unauthorized: 'Copy the token again, or generate a new one: AWS shows it once, and it ends after a year.',
  'server-error': 'AWS is in trouble or asks to wait. Try again in a minute.',
  unreachable: 'Check that Gatehouse may reach AWS: name resolution, proxy and firewall.',
}
