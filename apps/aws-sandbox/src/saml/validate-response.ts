import type { Element } from '@xmldom/xmldom'
import type { Tags } from '../world/records.ts'
import { ASSERTION, EMAIL_ADDRESS, PROTOCOL, SIGNATURE } from './names.ts'
import { childrenOf, elementsIn, isNamed, onlyChild, parseXml, textOf, timeIn } from './parse-xml.ts'
import { readAccessControl } from './read-access-control.ts'
import { readSigned } from './read-signed.ts'
import { demand, SamlRefusal } from './saml-refusal.ts'

/** IAM Identity Center User Guide, "SAML 2.0 assertion requirements": characters of the message. */
const LONGEST_MESSAGE = 50_000
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success'
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
/** An addr-spec of RFC 2822 whose local part is a dot-atom. */
const ADDRESS = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i

export interface Expected {
  readonly entityId: string
  readonly acsUrl: string
  readonly issuer: string
  /** PEM. */
  readonly certificates: readonly string[]
  readonly now: number
  /** Milliseconds by which the two clocks may differ. */
  readonly clockSkew: number
}

/** What a trusted assertion says, as far as it can be judged without knowing what happened before. */
export interface TrustedAssertion {
  readonly id: string
  /** Absent when nobody asked. */
  readonly inResponseTo?: string | undefined
  readonly nameId: string
  /** Until when it could be presented again. */
  readonly usableUntil: number
  readonly sessionNotOnOrAfter?: number | undefined
  readonly tags: Tags
}

/**
 * A response as AWS takes it (IAM Identity Center User Guide, "SAML 2.0 assertion requirements"; SAML 2.0 Profiles, 4.1.4.3).
 * @param encoded the form's `SAMLResponse`
 * @throws SamlRefusal
 */
export function validateResponse(encoded: string, expected: Expected): TrustedAssertion {
  const xml = decode(encoded)
  const response = parseXml(xml)
  demand(isNamed(response, PROTOCOL, 'Response'), 'The message is not a SAML response.')
  demandResponse(response, expected)
  const stated = demandOneAssertion(response)
  demandUniqueIds(response)
  const assertion = readAssertion(xml, { response, stated }, expected)
  const { inResponseTo, usableUntil } = readConfirmation(assertion, expected)
  const asked = response.getAttribute('InResponseTo') ?? undefined
  demand(asked === inResponseTo, 'Response and SubjectConfirmationData disagree on InResponseTo.')
  demandConditions(assertion, expected)
  return {
    id: assertion.getAttribute('ID') ?? '',
    inResponseTo,
    nameId: readNameId(assertion),
    usableUntil,
    sessionNotOnOrAfter: readSessionEnd(assertion, expected),
    tags: readAccessControl(assertion),
  }
}

function decode(encoded: string): string {
  const compact = encoded.replaceAll(/\s/g, '')
  // One character takes at most four bytes, and three bytes four characters of base64.
  demand(compact.length <= LONGEST_MESSAGE * 6, 'The message is too long.')
  demand(
    /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(compact),
    'SAMLResponse is not base64.',
  )
  let xml
  try {
    xml = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(compact, 'base64'))
  } catch {
    throw new SamlRefusal('The message is not UTF-8.')
  }
  demand(xml.length <= LONGEST_MESSAGE, `The message has ${xml.length} characters, more than ${LONGEST_MESSAGE}.`)
  return xml
}

function demandResponse(response: Element, { acsUrl, issuer }: Expected) {
  demand(response.getAttribute('Version') === '2.0', 'The response is not of version 2.0.')
  demand(timeIn(response, 'IssueInstant') !== undefined, 'The response does not say when it was issued.')
  const destination = response.getAttribute('Destination')
  demand(destination === acsUrl, `Destination is ${destination}; the assertion consumer service is ${acsUrl}.`)
  for (const element of childrenOf(response, ASSERTION, 'Issuer')) demandIssuer(element, issuer)
  const code = onlyChild(onlyChild(response, PROTOCOL, 'Status'), PROTOCOL, 'StatusCode').getAttribute('Value')
  demand(code === SUCCESS, `The identity provider answers with the status ${code}.`)
}

function demandIssuer(element: Element, issuer: string) {
  demand(textOf(element) === issuer, `The issuer is ${element.textContent}; the identity provider is ${issuer}.`)
}

function demandOneAssertion(response: Element): Element {
  for (const name of ['EncryptedAssertion', 'EncryptedID', 'EncryptedAttribute']) {
    demand(response.getElementsByTagNameNS('*', name).length === 0, 'The assertion is encrypted.')
  }
  const count = response.getElementsByTagNameNS('*', 'Assertion').length
  demand(count === 1, `The response holds ${count} assertions, not exactly one.`)
  return onlyChild(response, ASSERTION, 'Assertion')
}

function demandUniqueIds(response: Element) {
  const elements = [response, ...response.getElementsByTagNameNS('*', '*')]
  const ids = elements.flatMap((element) => ['ID', 'Id', 'id'].flatMap((name) => element.getAttribute(name) ?? []))
  demand(new Set(ids).size === ids.length, 'Two elements have the same ID.')
}

/** From the signed bytes, of the response or of the assertion. Where both are signed, both signatures must be good. */
function readAssertion(
  xml: string,
  { response, stated }: { readonly response: Element; readonly stated: Element },
  { certificates, issuer }: Expected,
): Element {
  const all = response.getElementsByTagNameNS('*', 'Signature').length
  const signed = [response, stated].filter((element) => childrenOf(element, SIGNATURE, 'Signature').length > 0)
  demand(signed.length > 0, 'Neither the response nor the assertion is signed.')
  demand(all === signed.length, 'There is a signature in a place where none belongs.')
  const roots = signed.map((element) => readSigned(xml, element, certificates))
  const [root] = roots
  demand(root !== undefined, 'Nothing is signed.')
  const assertion = isNamed(root, ASSERTION, 'Assertion') ? root : onlyChild(root, ASSERTION, 'Assertion')
  demand(assertion.getAttribute('Version') === '2.0', 'The assertion is not of version 2.0.')
  demand((assertion.getAttribute('ID') ?? '') !== '', 'The assertion has no ID.')
  demand(timeIn(assertion, 'IssueInstant') !== undefined, 'The assertion does not say when it was issued.')
  demandIssuer(onlyChild(assertion, ASSERTION, 'Issuer'), issuer)
  return assertion
}

/** That whoever brings the assertion may: here, now, and in answer to what was asked. */
function readConfirmation(assertion: Element, { acsUrl, now, clockSkew }: Expected) {
  const subject = onlyChild(assertion, ASSERTION, 'Subject')
  const confirmation = onlyChild(subject, ASSERTION, 'SubjectConfirmation')
  demand(confirmation.getAttribute('Method') === BEARER, 'The subject is not confirmed as its bearer.')
  const confirmed = onlyChild(confirmation, ASSERTION, 'SubjectConfirmationData')
  const recipient = confirmed.getAttribute('Recipient')
  demand(recipient === acsUrl, `Recipient is ${recipient}; the assertion consumer service is ${acsUrl}.`)
  demand(!confirmed.hasAttribute('NotBefore'), 'SubjectConfirmationData must not have NotBefore.')
  const until = timeIn(confirmed, 'NotOnOrAfter')
  demand(until !== undefined, 'SubjectConfirmationData does not say until when it holds.')
  demand(now < until + clockSkew, `The assertion could be presented until ${formatTime(until)} only.`)
  const inResponseTo = confirmed.getAttribute('InResponseTo') ?? undefined
  return { inResponseTo, usableUntil: until + clockSkew }
}

function demandConditions(assertion: Element, { entityId, now, clockSkew }: Expected) {
  const conditions = onlyChild(assertion, ASSERTION, 'Conditions')
  const from = timeIn(conditions, 'NotBefore')
  demand(from === undefined || from <= now + clockSkew, `The assertion holds from ${from && formatTime(from)} only.`)
  const until = timeIn(conditions, 'NotOnOrAfter')
  demand(until === undefined || now < until + clockSkew, `The assertion held until ${until && formatTime(until)}.`)
  const restrictions = childrenOf(conditions, ASSERTION, 'AudienceRestriction')
  demand(restrictions.length > 0, 'The assertion does not say for whom it is.')
  for (const restriction of restrictions) {
    const audiences = childrenOf(restriction, ASSERTION, 'Audience').map(textOf)
    demand(audiences.includes(entityId), `The audience is ${audiences.join(', ')}; this is ${entityId}.`)
  }
  const known = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction']
  const strange = elementsIn(conditions).find(({ localName }) => !known.includes(localName ?? ''))
  demand(strange === undefined, `The assertion has a condition that is not understood: ${strange?.localName}.`)
}

function readNameId(assertion: Element): string {
  const element = onlyChild(onlyChild(assertion, ASSERTION, 'Subject'), ASSERTION, 'NameID')
  const format = element.getAttribute('Format')
  demand(format === EMAIL_ADDRESS, `The NameID has the format ${format}; it must be ${EMAIL_ADDRESS}.`)
  const nameId = textOf(element)
  demand(ADDRESS.test(nameId), `The NameID "${nameId}" does not have the form of an e-mail address.`)
  return nameId
}

function readSessionEnd(assertion: Element, { now }: Expected): number | undefined {
  const statements = childrenOf(assertion, ASSERTION, 'AuthnStatement')
  demand(statements.length > 0, 'The assertion does not say that anybody signed in.')
  for (const statement of statements) {
    demand(timeIn(statement, 'AuthnInstant') !== undefined, 'The assertion does not say when the user signed in.')
  }
  const ends = statements.flatMap((statement) => timeIn(statement, 'SessionNotOnOrAfter') ?? [])
  if (ends.length === 0) return undefined
  const end = Math.min(...ends)
  demand(end > now, 'The session at the identity provider has ended.')
  return end
}

function formatTime(time: number): string {
  return new Date(time).toISOString()
}
