import { randomBytes } from 'node:crypto'
import {
  type AccessRequestId,
  attributesOf,
  auditEvent,
  type AuditEvent,
  CONTEXT_CLASS,
  denialOfSignIn,
  DomainError,
  effectiveRoles,
  givenApplications,
  type Instant,
  isInForce,
  nameIdOf,
  type ServiceProvider,
  type SignInDenial,
  type User,
} from '@gatehouse/domain'
import type { Reading } from '../governance/read-view.ts'
import type { SamlRefusal } from '../ports/saml.ts'
import type { StoredSession } from '../ports/credentials.ts'
import { signingKey } from './certificates.ts'
import type { SamlAddresses, SamlPorts } from './saml-ports.ts'

/** What becomes of a sign-in to an application. */
export type SamlAnswer =
  /** The browser posts this to the application. */
  | { readonly kind: 'respond'; readonly url: string; readonly samlResponse: string; readonly relayState?: string }
  /** First the user signs in; `again` even when there is a session. */
  | { readonly kind: 'sign-in'; readonly again: boolean }
  | { readonly kind: 'denied'; readonly user: User; readonly provider: ServiceProvider; readonly denial: SignInDenial }

/** Where an answer goes and to what. */
export interface AnswerPlace {
  readonly provider: ServiceProvider
  readonly assertionConsumerUrl: string
  readonly requestId?: string
  readonly relayState?: string
}

export interface Somebody {
  readonly session: StoredSession
  readonly user: User
}

/** The described product's own words, which its users' searches look for; the blank at the end is theirs too. */
const DENIED = 'access to saml_idp_service_provider denied. User does not have permissions. '

/** The session was written with ids of requests. */
const assumedIn = (session: StoredSession): readonly AccessRequestId[] => session.assumed as readonly AccessRequestId[]

/** Why somebody may not sign in to an application now. */
export function denialOf(
  { session, user }: Somebody,
  { labels, name }: Pick<ServiceProvider, 'labels' | 'name'>,
  { view, now }: Pick<Reading, 'view' | 'now'>,
) {
  if (view.isLocked({ kind: 'user', user: user.id }, now))
    return { missing: 'lock', message: 'You are locked.', remedy: 'Ask an administrator.' } as const
  return denialOfSignIn(
    effectiveRoles(user, view, now, { assumed: assumedIn(session), application: name }),
    labels,
    name,
  )
}

/** An answer, and the event that is saved before it leaves. */
export interface RecordedAnswer {
  readonly answer: SamlAnswer
  readonly event: AuditEvent
}

/** The signed answer that signs somebody in. */
export async function signInTo(
  ports: SamlPorts,
  place: AnswerPlace,
  { session, user }: Somebody,
  { view, now }: Reading,
  { entityId }: SamlAddresses,
  signal: AbortSignal,
): Promise<RecordedAnswer> {
  const { provider, assertionConsumerUrl, requestId } = place
  const roles = effectiveRoles(user, view, now, { assumed: assumedIn(session) })
  const xml = ports.saml.signResponse(
    {
      sessionIndex: randomBytes(32).toString('hex'),
      issuer: entityId,
      audience: provider.metadata.entityId,
      assertionConsumerUrl,
      ...(requestId === undefined ? {} : { requestId }),
      nameId: nameIdOf(user, provider, view),
      now,
      signedInAt: session.createdAt,
      sessionEndsAt: endOfSession({ session, user }, provider, { view, now }),
      contextClass: CONTEXT_CLASS,
      attributes: attributesOf(provider, { user, roles, view, now }),
    },
    await signingKey(ports, signal),
  )
  return { answer: responseTo(place, xml), event: eventOf(place, user, { now }) }
}

/** A sign-in that rests on requests ends as soon as one of them ends without which it would be refused. */
function endOfSession(
  { session, user }: Somebody,
  { labels, name }: ServiceProvider,
  { view, now }: Pick<Reading, 'view' | 'now'>,
): Instant {
  if (!denialOfSignIn(effectiveRoles(user, view, now), labels, name)) return session.expiresAt
  const ends = (view.requestsByUser.get(user.id) ?? []).flatMap((request) => {
    const counts = assumedIn(session).includes(request.id) || givenApplications(request).includes(name)
    return counts && request.state === 'approved' && isInForce(request, now) ? [request.expiresAt] : []
  })
  const isRefusedAt = (end: Instant): boolean =>
    denialOf({ session, user }, { labels, name }, { view, now: end }) !== undefined
  const end = ends
    .filter((one) => one < session.expiresAt)
    .toSorted((a, b) => a - b)
    .find(isRefusedAt)
  return end ?? session.expiresAt
}

/** Tells the application that nobody is signed in, and why. */
export async function refuseTo(
  ports: SamlPorts,
  place: AnswerPlace,
  reason: SamlRefusal['reason'],
  user: User | undefined,
  { now }: Reading,
  { entityId }: SamlAddresses,
  signal: AbortSignal,
): Promise<RecordedAnswer> {
  const { assertionConsumerUrl, requestId } = place
  const xml = ports.saml.signRefusal(
    { issuer: entityId, assertionConsumerUrl, ...(requestId === undefined ? {} : { requestId }), now, reason },
    await signingKey(ports, signal),
  )
  return { answer: responseTo(place, xml), event: eventOf(place, user, { now }, { error: reason }) }
}

function responseTo({ assertionConsumerUrl, relayState }: AnswerPlace, xml: string): SamlAnswer {
  return {
    kind: 'respond',
    url: assertionConsumerUrl,
    samlResponse: Buffer.from(xml).toString('base64'),
    ...(relayState === undefined ? {} : { relayState }),
  }
}

/** What somebody reads who may not sign in there. */
export const denyTo = (
  place: AnswerPlace,
  user: User,
  reading: Pick<Reading, 'now'>,
  denial: SignInDenial,
): RecordedAnswer => ({
  answer: { kind: 'denied', user, provider: place.provider, denial },
  event: eventOf(place, user, reading, { error: DENIED, denial }),
})

/** Somebody known was refused, for a reason that is no lack of access: that is recorded before he reads it. */
export async function recordingRefusals<Result>(
  ports: Pick<SamlPorts, 'store'>,
  { place, user, now }: { readonly place: AnswerPlace; readonly user: User | undefined } & Pick<Reading, 'now'>,
  work: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DomainError)
      await ports.store.commit({ events: [eventOf(place, user, { now }, { error: error.message })] }, signal)
    throw error
  }
}

/** `saml.idp.auth` as the guide shows it; `denial` is ours, and says what was missing and what would help. */
function eventOf(
  { provider, requestId }: AnswerPlace,
  user: User | undefined,
  { now }: Pick<Reading, 'now'>,
  failure?: { readonly error: string; readonly denial?: SignInDenial },
): AuditEvent {
  const { denial } = failure ?? {}
  return auditEvent('saml.idp.auth', {
    time: now,
    ...(user ? { user: user.name } : {}),
    subjects: [...(user ? [`user:${user.id}` as const] : []), `service-provider:${provider.name}`],
    success: failure === undefined,
    fields: {
      success: failure === undefined,
      ...(failure ? { error: failure.error } : {}),
      service_provider_entity_id: provider.metadata.entityId,
      ...(requestId === undefined ? { service_provider_shortcut: provider.name } : {}),
      sid: '',
      ...(denial
        ? {
            denial: {
              missing: denial.missing,
              ...(denial.role === undefined ? {} : { role: denial.role }),
              ...(denial.missing === 'label' ? { labels: provider.labels } : {}),
              message: denial.message,
              remedy: denial.remedy,
            },
          }
        : {}),
    },
  })
}
