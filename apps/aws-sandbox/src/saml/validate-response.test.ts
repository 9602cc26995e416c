import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIdentityProvider, type ResponseOptions } from '../testing/identity-provider.ts'
import { SamlRefusal } from './saml-refusal.ts'
import { validateResponse } from './validate-response.ts'

const NOW = Date.parse('2026-03-01T09:00:00Z')
const MINUTE = 60_000
const idp = createIdentityProvider()
const expected = {
  entityId: 'https://us-east-1.signin.aws.amazon.com/platform/saml/d-0123456789',
  acsUrl: 'http://127.0.0.1:4567/platform/saml/acs/1',
  issuer: idp.entityId,
  certificates: [idp.certificate],
  now: NOW,
  clockSkew: 0,
}
const usual = { nameId: 'ana@acme.example', acsUrl: expected.acsUrl, audience: expected.entityId, now: NOW }

const respond = (changes: Partial<ResponseOptions> = {}) => idp.respond({ ...usual, ...changes })
const validate = (xml: string, changes: Partial<typeof expected> = {}) =>
  validateResponse(Buffer.from(xml).toString('base64'), { ...expected, ...changes })
const abac = (key: string, ...values: readonly string[]) =>
  `<saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/AccessControl:${key}">${values
    .map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`)
    .join('')}</saml:Attribute>`

const EVIL = 'boris@acme.example'

describe('a response', () => {
  it.each(['assertion', 'response', 'both'] as const)('is taken with a signature on the %s', (signs) => {
    expect(validate(respond({ signs }))).toMatchObject({ nameId: 'ana@acme.example', tags: {} })
  })

  it('says who signed in, for how long, and with which attributes for access control', () => {
    const attributes =
      abac('team', 'payments &amp; more') +
      abac('Cost Center', '') +
      '<saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName"><saml:AttributeValue>x</saml:AttributeValue></saml:Attribute>'
    const plain = attributes.replace(' &amp; more', '')
    const sessionNotOnOrAfter = NOW + 60 * MINUTE
    expect(validate(respond({ sessionNotOnOrAfter, attributes: plain, inResponseTo: '_1' }))).toMatchObject({
      inResponseTo: '_1',
      sessionNotOnOrAfter,
      usableUntil: NOW + 5 * MINUTE,
      tags: { team: 'payments', 'Cost Center': '' },
    })
  })

  it.each<[string, Partial<ResponseOptions>, RegExp]>([
    ['without any signature', { signs: 'nothing' }, /Neither the response nor the assertion is signed/],
    ['signed with SHA-1', { signatureMethod: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }, /signature method/],
    ['digested with SHA-1', { digestMethod: 'http://www.w3.org/2000/09/xmldsig#sha1' }, /digest method/],
    ['of another issuer', { issuer: 'https://other.example' }, /The issuer is/],
    ['for another audience', { audience: 'https://other.example' }, /The audience is/],
    ['with another Destination', { destination: 'http://localhost:4567/platform/saml/acs/1' }, /Destination is/],
    ['with another Recipient', { recipient: `${expected.acsUrl}/` }, /Recipient is/],
    ['that is not valid yet', { notBefore: NOW + 1 }, /holds from/],
    ['that is no longer valid', { notOnOrAfter: NOW }, /until/],
    ['whose session has ended', { sessionNotOnOrAfter: NOW }, /session at the identity provider has ended/],
    ['that says no', { status: 'Requester' }, /answers with the status/],
    [
      'with a NameID of another format',
      { nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' },
      /format/,
    ],
    ['with a NameID that is no address', { nameId: 'ana' }, /form of an e-mail address/],
    ['with a NameID in blanks', { nameId: ' ana@acme.example' }, /form of an e-mail address/],
    ['with elements in the NameID', { nameId: '<saml:b>ana@acme.example</saml:b>' }, /text only/],
    [
      'with a comment in the NameID',
      { nameId: 'ana@acme.example<!-- -->.evil.example' },
      /of a kind that is not taken/,
    ],
    ['with two values of an attribute', { attributes: abac('team', 'a', 'b') }, /2 values/],
    ['with an attribute twice', { attributes: abac('team', 'a') + abac('team', 'b') }, /comes twice/],
    ['with XML in an attribute', { attributes: abac('team', '<saml:b/>') }, /text only/],
    ['with an attribute that is no tag', { attributes: abac('team', 'a&amp;b') }, /value of a tag/],
    [
      'with more than fifty attributes',
      { attributes: Array.from({ length: 51 }, (_, index) => abac(`key${index}`, 'x')).join('') },
      /51 attributes/,
    ],
    [
      'with a name format of its own',
      { attributes: abac('team', 'a').replace('<saml:Attribute ', '<saml:Attribute NameFormat="urn:mine" ') },
      /name format/,
    ],
    ['of more than 50,000 characters', { attributes: abac('team', 'x'.repeat(50_000)) }, /more than 50000/],
  ])('%s is refused', (_what, changes, reason) => {
    expect(() => validate(respond(changes))).toThrow(reason)
    expect(() => validate(respond(changes))).toThrow(SamlRefusal)
  })

  it.each<[string, (xml: string) => string, RegExp]>([
    ['two assertions', (xml) => xml.replace(/<saml:Assertion.*<\/saml:Assertion>/, '$&$&'), /2 assertions/],
    ['an encrypted assertion', (xml) => xml.replace('</samlp:Response>', '<saml:EncryptedAssertion/>$&'), /encrypted/],
    [
      'no confirmation',
      (xml) => xml.replace(/<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/, ''),
      /exactly one SubjectConfirmation/,
    ],
    ['another kind of confirmation', (xml) => xml.replace('cm:bearer', 'cm:holder-of-key'), /bearer/],
    [
      'a confirmation without end',
      (xml) => xml.replace(/(<saml:SubjectConfirmationData[^>]*) NotOnOrAfter="[^"]*"/, '$1'),
      /until when/,
    ],
    [
      'a confirmation with a beginning',
      (xml) => xml.replace('<saml:SubjectConfirmationData', '$& NotBefore="2026-03-01T08:00:00Z"'),
      /must not have NotBefore/,
    ],
    ['no audience', (xml) => xml.replace(/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, ''), /for whom/],
    ['a condition nobody knows', (xml) => xml.replace('</saml:Conditions>', '<saml:Condition/>$&'), /not understood/],
    ['no conditions', (xml) => xml.replace(/<saml:Conditions.*<\/saml:Conditions>/, ''), /exactly one Conditions/],
    [
      'no statement of a sign-in',
      (xml) => xml.replace(/<saml:AuthnStatement.*<\/saml:AuthnStatement>/, ''),
      /anybody signed in/,
    ],
    ['no NameID', (xml) => xml.replace(/<saml:NameID.*<\/saml:NameID>/, ''), /exactly one NameID/],
    [
      'a time that is not in UTC',
      (xml) => xml.replace(/AuthnInstant="[^"]*"/, 'AuthnInstant="2026-03-01T10:00:00+01:00"'),
      /not one in UTC/,
    ],
    [
      'an assertion of SAML 1.1',
      (xml) => xml.replace(/(<saml:Assertion[^>]*)Version="2.0"/, '$1Version="1.1"'),
      /version/,
    ],
    ['one half of an answer', (xml) => xml.replace('<samlp:Response', '$& InResponseTo="_1"'), /disagree/],
    [
      'the other half of an answer',
      (xml) => xml.replace('<saml:SubjectConfirmationData', '$& InResponseTo="_1"'),
      /disagree/,
    ],
    [
      'one ID twice',
      (xml) =>
        xml
          .replace('<saml:AuthnStatement', '<saml:AuthnStatement ID="_same"')
          .replace('<saml:Conditions', '<saml:Conditions ID="_same"'),
      /same ID/,
    ],
    [
      'levels without end',
      (xml) => xml.replace('</saml:Assertion>', `${'<a>'.repeat(50)}${'</a>'.repeat(50)}$&`),
      /too deeply/,
    ],
  ])('with %s is refused although it is signed', (_what, shape, reason) => {
    expect(() => validate(respond({ shape, signs: 'response' }))).toThrow(reason)
  })

  it.each<[string, (xml: string) => string]>([
    [
      'a document type',
      (xml) => `<!DOCTYPE r [<!ENTITY who "ana@acme.example">]>${xml.replace('ana@acme.example', '&who;')}`,
    ],
    ['a processing instruction', (xml) => xml.replace('<samlp:Status>', '<?php x?>$&')],
    ['an entity nobody defined', (xml) => xml.replace('ana@acme.example', '&who;')],
    ['an end that is missing', (xml) => xml.replace('</samlp:Response>', '')],
    ['something behind its end', (xml) => `${xml}<x/>`],
    ['another root', () => '<x/>'],
    ['nothing in it', () => ' '],
  ])('with %s is refused as it stands', (_what, spoil) => {
    expect(() => validate(spoil(respond()))).toThrow(SamlRefusal)
  })

  it('is refused when it is not base64 or not UTF-8', () => {
    expect(() => validateResponse('<xml>', expected)).toThrow(/base64/)
    expect(() => validateResponse('', expected)).toThrow(/base64/)
    expect(() => validateResponse(Buffer.from([0xff, 0xfe, 0xfd]).toString('base64'), expected)).toThrow(/UTF-8/)
  })

  it('is refused with one good and one bad signature', () => {
    const spoil = (xml: string) => xml.replace(/IssueInstant="[^"]*"/, 'IssueInstant="2026-03-01T08:59:59Z"')
    expect(() => validate(spoil(respond({ signs: 'both' })))).toThrow(/signature of Response/)
    // Where only the assertion is signed, nothing around it is taken on trust.
    expect(validate(spoil(respond({ signs: 'assertion' }))).nameId).toBe('ana@acme.example')
  })

  it('of somebody else with a certificate of their own in it is refused', () => {
    const stranger = createIdentityProvider()
    expect(() => validate(stranger.respond(usual))).toThrow(/none of the trusted certificates/)
    const both = [idp.certificate, stranger.certificate]
    expect(validate(stranger.respond(usual), { certificates: both }).nameId).toBe('ana@acme.example')
  })

  it('may be early or late by as much as the clocks may differ', () => {
    expect(validate(respond({ notBefore: NOW + MINUTE }), { clockSkew: MINUTE }).nameId).toBe('ana@acme.example')
    expect(validate(respond({ notOnOrAfter: NOW - 1 }), { clockSkew: MINUTE }).nameId).toBe('ana@acme.example')
    expect(() => validate(respond({ notOnOrAfter: NOW - MINUTE }), { clockSkew: MINUTE })).toThrow(/until/)
  })
})

describe('what was not signed', () => {
  it('never counts, whatever single character of a signed message changes', () => {
    const xml = respond({ signs: 'response' })
    const places = fc.integer({ min: 0, max: xml.length - 1 })
    fc.assert(
      fc.property(places, fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        fc.pre(xml[at] !== character)
        const read = tryValidate(xml.slice(0, at) + character + xml.slice(at + 1))
        expect(read === undefined || read === 'ana@acme.example').toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('never counts, wherever a forged assertion is put (signature wrapping)', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('assertion', 'response', 'both'),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(...FORGERIES),
        (signs, share, forge) => {
          const xml = respond({ signs })
          const gaps = [...xml.matchAll(/></g)].map(({ index }) => index + 1)
          const at = gaps[Math.floor(share * gaps.length)] ?? 0
          const read = tryValidate(forge(xml, at))
          expect(read === undefined || read === 'ana@acme.example').toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })

  it.each<[string, (xml: string) => string]>([
    [
      'the signed one moved into the signature of a forged one',
      (xml) => wrap(xml, (evil, signed) => evil.replace('</ds:Signature>', `<ds:Object>${signed}</ds:Object>$&`)),
    ],
    [
      'the signed one moved into a forged one',
      (xml) => wrap(xml, (evil, signed) => evil.replace('</saml:Assertion>', `${signed}$&`)),
    ],
    ['the signed one behind a forged one', (xml) => wrap(xml, (evil, signed) => evil + signed)],
    ['the signed one before a forged one', (xml) => wrap(xml, (evil, signed) => signed + evil)],
    [
      'the signed one in an extension',
      (xml) =>
        wrap(xml, (evil) => evil).replace(
          '<samlp:Status>',
          `<samlp:Extensions>${assertionIn(xml)}</samlp:Extensions>$&`,
        ),
    ],
    [
      'a forged one of the same ID',
      (xml) => wrap(xml, (evil, signed) => evil.replace(/ID="[^"]*"/, `ID="${/ID="([^"]*)"/.exec(signed)?.[1]}"`)),
    ],
    ['a signature over something else', (xml) => xml.replace(/URI="#[^"]*"/, 'URI=""')],
  ])('is refused as %s', (_what, forge) => {
    for (const signs of ['assertion', 'both'] as const) {
      expect(() => validate(forge(respond({ signs })))).toThrow(SamlRefusal)
    }
  })
})

function tryValidate(xml: string): string | undefined {
  try {
    return validate(xml).nameId
  } catch (error) {
    expect(error).toBeInstanceOf(SamlRefusal)
    return undefined
  }
}

function assertionIn(xml: string): string {
  return /<saml:Assertion.*<\/saml:Assertion>/.exec(xml)?.[0] ?? ''
}

/** The same for somebody else, under another ID, with the signature it was given. */
function forged(xml: string): string {
  return assertionIn(xml)
    .replace('ana@acme.example', EVIL)
    .replace(/ ID="[^"]*"/, ' ID="_evil"')
}

function wrap(xml: string, join: (evil: string, signed: string) => string): string {
  return xml.replace(assertionIn(xml), () => join(forged(xml), assertionIn(xml)))
}

const FORGERIES: readonly ((xml: string, at: number) => string)[] = [
  (xml, at) => xml.slice(0, at) + forged(xml) + xml.slice(at),
  (xml, at) => xml.slice(0, at) + forged(xml).replace(/<ds:Signature.*<\/ds:Signature>/, '') + xml.slice(at),
  (xml, at) => xml.slice(0, at) + xml.replace('ana@acme.example', EVIL).replace(/ ID="[^"]*"/g, '') + xml.slice(at),
  (xml, at) => xml.slice(0, at).replace('ana@acme.example', EVIL) + assertionIn(xml) + xml.slice(at),
  (xml, at) =>
    xml.slice(0, at) +
    `<ds:Object xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${assertionIn(xml)}</ds:Object>` +
    xml.slice(at).replace('ana@acme.example', EVIL),
]
