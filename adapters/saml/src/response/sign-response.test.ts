import { SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import { instantFromMillis } from '@gatehouse/domain'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { hasSchemas, hasXmlsec, schemaComplains, xmlsecComplains } from '../testing/other-programs.ts'
import { ACS, aKey, aSignIn, IDP, SP } from '../testing/sign-in-scene.ts'
import { IllegalTextError } from '../xml/write-canonical.ts'
import type { SamlKey } from '@gatehouse/application'
import type { SignIn } from './sign-in.ts'
import { newSamlId, type Signs, signRefusal, signResponse } from './sign-response.ts'

const BASIC = 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic'
let key: SamlKey & { readonly pem: string }
beforeAll(async () => (key = await aKey()))

/** Any text that XML can hold, markup and control characters of all kinds more often than chance would have it. */
const legalText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '&',
        '<',
        '>',
        '"',
        "'",
        '\t',
        '\n',
        '\r',
        ']]>',
        '<!-- -->',
        '\u{85}',
        '\u{2028}',
        '\u{1F511}',
        '&amp;',
      ),
    ),
  )
  .map((parts) => parts.join(''))
  .filter((text) => !/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(text)) // oxlint-disable-line no-control-regex -- the rule of XML 1.0

const hostile = (): fc.Arbitrary<SignIn> =>
  fc
    .record({
      value: legalText,
      name: legalText,
      friendlyName: legalText,
      values: fc.array(legalText, { maxLength: 3 }),
    })
    .map(({ value, values, ...attribute }) =>
      aSignIn({
        nameId: { value, format: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified' },
        attributes: [{ ...attribute, nameFormat: BASIC, values }],
      }),
    )

/** Its parser trims names and takes two separators of XML 1.1 for line ends, which in XML 1.0 they are not. */
const isReadBackAlike = ({ nameId: { value }, attributes }: SignIn): boolean =>
  value !== '' && value.trim() === value && !/[\r\u{85}\u{2028}]/u.test(value + JSON.stringify(attributes))

/** A service provider of another project. */
const serviceProvider = (wants: 'assertion' | 'response' | 'both', now: number): SAML =>
  new SAML({
    idpCert: key.pem,
    issuer: SP,
    callbackUrl: ACS,
    entryPoint: 'https://gatehouse.example/saml/sso',
    audience: SP,
    idpIssuer: IDP,
    wantAssertionsSigned: wants !== 'response',
    wantAuthnResponseSigned: wants !== 'assertion',
    validateInResponseTo: ValidateInResponseTo.never,
    acceptedClockSkewMs: Math.abs(Date.now() - now) + 1000,
    disableRequestedAuthnContext: true,
  })

const post = (xml: string): { SAMLResponse: string } => ({ SAMLResponse: Buffer.from(xml).toString('base64') })

describe('a signed response', () => {
  it.each<Signs>(['assertion', 'response', 'both'])(
    'is taken by a service provider when it signs the %s',
    async (signs) => {
      const now = instantFromMillis(Date.now())
      const fresh = await aKey(now)
      key = fresh
      const xml = signResponse(aSignIn({ now }), fresh, signs)
      const { profile } = await serviceProvider(signs, now).validatePostResponseAsync(post(xml))
      expect(profile).toMatchObject({ nameID: 'ana@acme.example', issuer: IDP, sessionIndex: 'f'.repeat(64) })
      expect(profile?.['https://aws.amazon.com/SAML/Attributes/AccessControl:CostCenter']).toBe('4711')
    },
  )

  it('is not taken when one character of it was changed, or by another key', async () => {
    const now = instantFromMillis(Date.now())
    const xml = signResponse(aSignIn({ now }), key, 'assertion')
    const changed = xml.replace('ana@acme.example', 'eva@acme.example')
    await expect(serviceProvider('assertion', now).validatePostResponseAsync(post(changed))).rejects.toThrow(
      'signature',
    )
    const foreign = signResponse(aSignIn({ now }), await aKey(now), 'assertion')
    await expect(serviceProvider('assertion', now).validatePostResponseAsync(post(foreign))).rejects.toThrow(
      'signature',
    )
  })

  it('says for whom, where and until when, exactly (D1-38, D1-39)', () => {
    const xml = signResponse(aSignIn(), key, 'assertion')
    expect(xml).toContain(`Destination="${ACS}"`)
    expect(xml).toContain(`InResponseTo="_request-1" NotOnOrAfter="2027-03-01T09:05:00Z" Recipient="${ACS}"`)
    expect(xml).toContain('<saml:Conditions NotBefore="2027-03-01T08:59:00Z" NotOnOrAfter="2027-03-01T09:05:00Z">')
    expect(xml).toContain(`<saml:Audience>${SP}</saml:Audience>`)
    expect(xml).toContain('SessionNotOnOrAfter="2027-03-01T17:00:00Z"')
    const { requestId: _, ...unasked } = aSignIn()
    expect(signResponse(unasked, key, 'assertion')).not.toContain('InResponseTo')
  })

  it('has ids that nobody guesses and that are names in XML (D1-40)', () => {
    const ids = Array.from({ length: 1_000 }, newSamlId)
    expect(new Set(ids).size).toBe(1_000)
    for (const id of ids) expect(id).toMatch(/^id-[0-9a-f]{40}$/)
  })

  it('keeps markup in names and attributes as the text that it is (D1-32, D1-34)', async () => {
    const now = instantFromMillis(Date.now())
    const value = 'admin@x<!-- -->.evil'
    const xml = signResponse(
      aSignIn({
        now,
        nameId: { ...aSignIn().nameId, value },
        attributes: [{ name: 'display', nameFormat: BASIC, values: ['<script>alert(1)</script>'] }],
      }),
      key,
      'both',
    )
    const { profile } = await serviceProvider('both', now).validatePostResponseAsync(post(xml))
    expect(profile).toMatchObject({ nameID: value, display: '<script>alert(1)</script>' })
  })

  it('refuses text that no XML can hold (D1-35)', () => {
    for (const value of ['a\u0000b', 'a\u0008b', '\uD800', 'a\uFFFEb', '\u001B[31m']) {
      const signIn = aSignIn({ nameId: { ...aSignIn().nameId, value } })
      expect(() => signResponse(signIn, key, 'assertion')).toThrow(IllegalTextError)
      const attribute = aSignIn({ attributes: [{ name: value, nameFormat: BASIC, values: [] }] })
      expect(() => signResponse(attribute, key, 'assertion')).toThrow(IllegalTextError)
    }
  })

  it('is canonical whatever it says: xmlsec1 agrees with every signature', async (context) => {
    if (!hasXmlsec()) return context.skip('xmlsec1 is not installed')
    await fc.assert(
      fc.asyncProperty(hostile(), async (signIn) => {
        const xml = signResponse(signIn, key, 'both')
        expect(await xmlsecComplains(xml, key.pem, 'Assertion')).toBe('')
        expect(await xmlsecComplains(xml, key.pem, 'Response')).toBe('')
      }),
      { numRuns: 60 },
    )
    const changed = signResponse(aSignIn(), key, 'both').replace('ana@acme.example', 'eva@acme.example')
    expect(await xmlsecComplains(changed, key.pem, 'Assertion')).not.toBe('')
  })

  it('is canonical whatever it says: a verifier in JavaScript agrees with every signature', async () => {
    const now = instantFromMillis(Date.now())
    const provider = serviceProvider('both', now)
    await fc.assert(
      fc.asyncProperty(hostile(), async (signIn) => {
        fc.pre(isReadBackAlike(signIn))
        const { profile } = await provider.validatePostResponseAsync(
          post(signResponse({ ...signIn, now }, key, 'both')),
        )
        expect(profile?.nameID).toBe(signIn.nameId.value)
      }),
      { numRuns: 100 },
    )
  })

  it('is valid by the schemas of OASIS, also when it signs nobody in', async (context) => {
    if (!hasSchemas()) return context.skip('xmllint or the schemas of SAML are not installed')
    for (const signs of ['assertion', 'response', 'both'] as const)
      expect(await schemaComplains(signResponse(aSignIn(), key, signs), 'protocol')).toBe('')
    const { requestId: _, ...unasked } = aSignIn({ attributes: [] })
    expect(await schemaComplains(signResponse(unasked, key, 'both'), 'protocol')).toBe('')
    const refusal = signRefusal({ ...aSignIn(), reason: 'NoPassive' }, key)
    expect(refusal).toContain('urn:oasis:names:tc:SAML:2.0:status:NoPassive')
    expect(await schemaComplains(refusal, 'protocol')).toBe('')
    expect(await schemaComplains(signResponse(aSignIn({ assertionId: '1' }), key, 'both'), 'protocol')).toContain(
      'xs:ID',
    )
  })
})
