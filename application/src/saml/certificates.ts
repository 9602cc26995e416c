import { auditEvent, days, DomainError, type Instant, minus, plus, type Verb } from '@gatehouse/domain'
import { type Actor, actingAs, demand } from '../governance/actor.ts'
import { readView } from '../governance/read-view.ts'
import type { CertificateTimes, MadeCertificate, SamlCertificate, SamlKey } from '../ports/saml.ts'
import type { SamlPorts } from './saml-ports.ts'

type Ports = Pick<SamlPorts, 'store' | 'records' | 'clock' | 'saml' | 'samlKeys'>

/** AWS warns from 90 days before the end; who runs this has years between two of those warnings. */
const LIFETIME = days(5 * 365)
/** A service provider's clock may be behind ours on the day that a certificate is made. */
const SKEW = days(1)
/** Two are a roll-over; more only confuse. */
const MAX_CERTIFICATES = 5

/** What is published, the one that signs first; made when there is none yet. */
export async function listCertificates(ports: Ports, signal: AbortSignal): Promise<readonly SamlCertificate[]> {
  const known = await ports.samlKeys.certificates(signal)
  if (known.length > 0) return known
  const { made, times } = await makeOne(ports)
  const event = eventOf('create', made.fingerprint, times.createdAt, 'system')
  await ports.samlKeys.addFirst(made, times, [event], signal)
  return ports.samlKeys.certificates(signal)
}

/** The key that signs now. */
export async function signingKey(ports: Ports, signal: AbortSignal): Promise<SamlKey> {
  const known = await ports.samlKeys.signingKey(signal)
  if (known) return known
  await listCertificates(ports, signal)
  const made = await ports.samlKeys.signingKey(signal)
  if (!made) throw new Error('the SAML key that was just made is not there')
  return made
}

interface CertificateCommand {
  readonly actor: Actor
  readonly fingerprint: string
}

/**
 * Publishes another certificate, which does not sign yet: first every service provider is told of it, then it is
 * activated, then the old one is removed. @throws DomainError `refused`, `conflict`
 */
export async function addCertificate(
  ports: Ports,
  { actor }: { readonly actor: Actor },
  signal: AbortSignal,
): Promise<SamlCertificate> {
  const by = await demandRight(ports, actor, 'create', signal)
  const known = await listCertificates(ports, signal)
  if (known.length >= MAX_CERTIFICATES)
    throw new DomainError({
      code: 'conflict',
      message: `There are ${known.length} certificates already.`,
      remedy: 'Remove one that no service provider needs any more.',
    })
  const { made, times } = await makeOne(ports)
  await ports.samlKeys.add(made, times, [eventOf('create', made.fingerprint, times.createdAt, by)], signal)
  return { fingerprint: made.fingerprint, pem: made.pem, isActive: false, ...times }
}

/** @throws DomainError `refused`, `not-found` */
export async function activateCertificate(
  ports: Ports,
  command: CertificateCommand,
  signal: AbortSignal,
): Promise<void> {
  const by = await demandRight(ports, command.actor, 'rotate', signal)
  const { fingerprint } = await findCertificate(ports, command.fingerprint, signal)
  await ports.samlKeys.activate(fingerprint, [eventOf('activate', fingerprint, ports.clock.now(), by)], signal)
}

/** @throws DomainError `refused`, `not-found`, `conflict` for the one that signs */
export async function removeCertificate(ports: Ports, command: CertificateCommand, signal: AbortSignal): Promise<void> {
  const by = await demandRight(ports, command.actor, 'delete', signal)
  const { fingerprint } = await findCertificate(ports, command.fingerprint, signal)
  await ports.samlKeys.remove(fingerprint, [eventOf('delete', fingerprint, ports.clock.now(), by)], signal)
}

async function demandRight(ports: Ports, actor: Actor, verb: Verb, signal: AbortSignal): Promise<string> {
  const acting = actingAs(actor, await readView(ports, signal))
  demand(acting, verb, 'cert_authority')
  return acting.name
}

/** By its fingerprint or the beginning of it. */
async function findCertificate(ports: Ports, text: string, signal: AbortSignal): Promise<SamlCertificate> {
  const wanted = text.replaceAll(':', '').toLowerCase()
  const found = (await ports.samlKeys.certificates(signal)).filter(({ fingerprint }) => fingerprint.startsWith(wanted))
  const [only] = found
  if (wanted.length >= 8 && only && found.length === 1) return only
  throw new DomainError({ code: 'not-found', kind: 'certificate', name: text })
}

async function makeOne(ports: Ports): Promise<{ made: MadeCertificate; times: CertificateTimes }> {
  const createdAt = ports.clock.now()
  const expiresAt = plus(createdAt, LIFETIME)
  return {
    made: await ports.saml.makeCertificate('Gatehouse', minus(createdAt, SKEW), expiresAt),
    times: { createdAt, expiresAt },
  }
}

const eventOf = (action: 'create' | 'activate' | 'delete', fingerprint: string, time: Instant, by: string) =>
  auditEvent(`saml.idp.certificate.${action}`, { time, user: by, fields: { fingerprint, updated_by: by } })
