import type { SamlAttribute } from '@gatehouse/domain'
import type { SamlRefusal } from '@gatehouse/application'
import { formatInstant, minus, minutes, plus } from '@gatehouse/domain'
import { element, type XmlElement, type XmlNode } from '../xml/element.ts'
import type { SignIn } from './sign-in.ts'

/** Room for a slow sign-in page; a stolen assertion is worth nothing after it. */
const ASSERTION_LIFETIME = minutes(5)
/** The service provider's clock may be behind ours. */
const SKEW = minutes(1)

const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'

/** Who has signed in where, and until when that may be used (SAML 2.0 Profiles, 4.1.4.2). */
export function buildAssertion(signIn: SignIn): XmlElement {
  const { now, nameId } = signIn
  return element('saml:Assertion', { ID: signIn.assertionId, IssueInstant: formatInstant(now), Version: '2.0' }, [
    element('saml:Issuer', {}, [signIn.issuer]),
    element('saml:Subject', {}, [
      element('saml:NameID', { Format: nameId.format }, [nameId.value]),
      subjectConfirmation(signIn),
    ]),
    element(
      'saml:Conditions',
      { NotBefore: formatInstant(minus(now, SKEW)), NotOnOrAfter: formatInstant(plus(now, ASSERTION_LIFETIME)) },
      [element('saml:AudienceRestriction', {}, [element('saml:Audience', {}, [signIn.audience])])],
    ),
    element(
      'saml:AuthnStatement',
      {
        AuthnInstant: formatInstant(signIn.signedInAt),
        SessionIndex: signIn.sessionIndex,
        SessionNotOnOrAfter: formatInstant(signIn.sessionEndsAt),
      },
      [element('saml:AuthnContext', {}, [element('saml:AuthnContextClassRef', {}, [signIn.contextClass])])],
    ),
    signIn.attributes.length === 0
      ? undefined
      : element('saml:AttributeStatement', {}, signIn.attributes.map(attribute)),
  ])
}

/**
 * How the service provider knows the bearer is the right one. It says for whom and until when, never from when, and
 * answers a request only if there was one (SAML 2.0 Profiles, 4.1.4.2 and 4.1.5).
 */
function subjectConfirmation({ requestId, assertionConsumerUrl, now }: SignIn): XmlElement {
  return element('saml:SubjectConfirmation', { Method: BEARER }, [
    element('saml:SubjectConfirmationData', {
      InResponseTo: requestId,
      NotOnOrAfter: formatInstant(plus(now, ASSERTION_LIFETIME)),
      Recipient: assertionConsumerUrl,
    }),
  ])
}

const attribute = ({ name, nameFormat, friendlyName, values }: SamlAttribute): XmlElement =>
  element(
    'saml:Attribute',
    { Name: name, NameFormat: nameFormat, FriendlyName: friendlyName },
    values.map((value) => element('saml:AttributeValue', {}, [value])),
  )

/** The message that carries an assertion to the service provider. */
export function buildResponse(signIn: SignIn, assertion: XmlNode): XmlElement {
  const status = element('samlp:Status', {}, [element('samlp:StatusCode', { Value: SUCCESS })])
  return envelope(signIn, [status, assertion])
}

/** An answer that signs nobody in, with its id. */
export interface Refusal extends SamlRefusal {
  readonly responseId: string
}

/** SAML 2.0 Core, 3.2.2.2: whose fault it is. */
const AT_FAULT: Readonly<Record<SamlRefusal['reason'], 'Requester' | 'Responder'>> = {
  NoPassive: 'Responder',
  NoAuthnContext: 'Responder',
  InvalidNameIDPolicy: 'Requester',
  RequestDenied: 'Responder',
}

/** Tells the service provider why nobody is signed in. */
export function buildRefusal(refusal: Refusal): XmlElement {
  const value = (name: string): string => `urn:oasis:names:tc:SAML:2.0:status:${name}`
  const reason = element('samlp:StatusCode', { Value: value(refusal.reason) })
  return envelope(refusal, [
    element('samlp:Status', {}, [element('samlp:StatusCode', { Value: value(AT_FAULT[refusal.reason]) }, [reason])]),
  ])
}

function envelope(
  message: Pick<SignIn, 'responseId' | 'issuer' | 'assertionConsumerUrl' | 'requestId' | 'now'>,
  children: readonly XmlNode[],
): XmlElement {
  return element(
    'samlp:Response',
    {
      Destination: message.assertionConsumerUrl,
      ID: message.responseId,
      InResponseTo: message.requestId,
      IssueInstant: formatInstant(message.now),
      Version: '2.0',
    },
    [element('saml:Issuer', {}, [message.issuer]), ...children],
  )
}
