import { DomainError, type EnrolmentDraft, eventsOfCheck, recordCheck } from '@gatehouse/domain'
import { problemOfScimAddress } from '../adopt/enrol.ts'
import type { ScimTest } from '../ports/enrolment-probe.ts'
import { type DraftQuery, getDraft } from './drafts.ts'
import type { EnrolmentPorts } from './enrolment-ports.ts'
import { required } from './organization-of-draft.ts'

export interface TestedScim extends ScimTest {
  readonly remedy: string
}

/** Tries the SCIM address and token that are given, and writes down how it went. @throws DomainError `invalid-value`, `stale` */
export async function testConnection(
  ports: Pick<EnrolmentPorts, 'store' | 'records' | 'clock' | 'enrolments' | ScimPorts>,
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
  const tested = await tryScim(
    ports,
    { scimUrl, token, ...(forceScimUrl === undefined ? {} : { forceScimUrl }) },
    signal,
  )
  const check = { isOk: tested.outcome === 'ok', message: tested.message, at: reading.now, by: acting.name }
  const checked = recordCheck(draft, 'scim', check)
  await ports.enrolments.save(checked, { replacing: draft.revision, events: eventsOfCheck(checked, 'scim') }, signal)
  return { ...tested, draft: checked }
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

const REMEDIES: Readonly<Record<ScimTest['outcome'], string>> = {
  ok: '',
  'not-an-endpoint':
    'Copy the SCIM endpoint from "Automatic provisioning" in the console of IAM Identity Center again.',
  unauthorized: 'Copy the token again, or generate a new one: AWS shows it once, and it ends after a year.',
  'server-error': 'AWS is in trouble or asks to wait. Try again in a minute.',
  unreachable: 'Check that Gatehouse may reach AWS: name resolution, proxy and firewall.',
}
