import { beforeAll, describe, expect, it } from 'vitest'
import { hasSchemas, schemaComplains } from '../testing/other-programs.ts'
import { ACS, aKey, IDP, SP } from '../testing/sign-in-scene.ts'
import { readServiceProvider } from './read-metadata.ts'
import { writeMetadata } from './write-metadata.ts'

const STRICT = { allowLoopbackHttp: false }
const given = (entityDescriptor: string) => ({ entityDescriptor, entityId: '', acsUrl: '' })
const read = (xml: string, rules = STRICT) => readServiceProvider(given(xml), rules)
const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'
const consumer = (url: string, rest = 'index="0"'): string =>
  `<md:AssertionConsumerService Binding="${POST}" Location="${url}" ${rest}/>`
const descriptor = (inside = consumer(ACS), attributes = ''): string =>
  `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${SP}"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" ${attributes}>${inside}</md:SPSSODescriptor></md:EntityDescriptor>`
const AWS = `<?xml version="1.0" encoding="UTF-8"?><!-- AWS writes none, others do -->
${descriptor(
  `<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>${consumer(ACS)}`,
  'AuthnRequestsSigned="false" WantAssertionsSigned="true"',
)}`

describe('the metadata of a service provider', () => {
  it('says who it is, where its answers go and what it wants', () => {
    expect(read(AWS)).toEqual({
      entityId: SP,
      assertionConsumers: [{ url: ACS, index: 0 }],
      nameIdFormats: ['urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'],
      signingCertificates: [],
      signsRequests: false,
      wantsSignedAssertions: true,
    })
  })
  it('may have several addresses, of which the default comes first', () => {
    const several = read(
      descriptor(
        consumer('https://sp.example/b', 'index="2"') +
          consumer('https://sp.example/c', 'index="1" isDefault="true"') +
          consumer('https://sp.example/a', 'index="0"'),
      ),
    )
    expect(several).toMatchObject({
      assertionConsumers: [
        { url: 'https://sp.example/c', index: 1 },
        { url: 'https://sp.example/a', index: 0 },
        { url: 'https://sp.example/b', index: 2 },
      ],
    })
  })
  it('names the keys that it signs with, not those for encryption', async () => {
    const { certificate } = await aKey()
    const key = (use: string, text: string): string =>
      `<md:KeyDescriptor ${use}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${text}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`
    const xml = descriptor(key('use="signing"', ` ${certificate}\n `) + key('use="encryption"', 'AAAA') + consumer(ACS))
    expect(read(xml)).toMatchObject({ signingCertificates: [certificate] })
    expect(read(descriptor(key('use="signing"', 'AAAA') + consumer(ACS)))).toMatchObject({ field: 'entityDescriptor' })
  })
  it('may be an entity id and one address instead', () => {
    expect(readServiceProvider({ entityDescriptor: '', entityId: 'urn:app', acsUrl: ACS }, STRICT)).toMatchObject({
      entityId: 'urn:app',
      assertionConsumers: [{ url: ACS, index: 0 }],
    })
    expect(readServiceProvider({ ...given(AWS), entityId: 'urn:other' }, STRICT)).toMatchObject({ field: 'entityId' })
  })
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'http://sp.example/acs',
    'http://127.0.0.1/acs',
    'https://user@sp.example/acs',
    'https://sp.example/acs#x',
    '//sp.example/acs',
    'sp.example/acs',
    'https://sp.example/a cs',
    'https:sp.example/acs',
    'https:///sp.example/acs',
    'https://sp.example/acs#',
    "https://sp;script-src 'unsafe-inline'/acs",
    'https://sp;script-src,x/acs',
    '',
  ])('D1-33 is refused with the address %j', (url) => {
    expect(read(descriptor(consumer(url)))).toMatchObject({ field: 'entityDescriptor' })
    expect(readServiceProvider({ entityDescriptor: '', entityId: SP, acsUrl: url }, STRICT)).toMatchObject({
      field: 'acsUrl',
    })
  })
  it('D1-33 is refused with such an address for any binding', () => {
    const other = consumer('javascript:alert(1)', 'index="1"').replace('HTTP-POST', 'PAOS')
    expect(read(descriptor(consumer(ACS) + other))).toMatchObject({ field: 'entityDescriptor' })
  })
  it('has an entity id that fits, and is named where it does not', () => {
    const long = `urn:${'ü'.repeat(600)}`
    expect(read(AWS.replace(SP, long))).toMatchObject({ field: 'entityDescriptor' })
    expect(readServiceProvider({ entityDescriptor: '', entityId: long, acsUrl: ACS }, STRICT)).toMatchObject({
      field: 'entityId',
    })
  })
  it('may be on this very machine without https, where that is allowed', () => {
    const loose = { allowLoopbackHttp: true }
    expect(read(descriptor(consumer('http://127.0.0.1:8080/acs')), loose)).not.toHaveProperty('refused')
    expect(read(descriptor(consumer('http://127.0.0.1.evil.example/acs')), loose)).toHaveProperty('refused')
  })
  it.each([
    ['no XML', 'entityID: x'],
    ['a document type', `<!DOCTYPE x>${AWS}`],
    ['a list of several', `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"/>`],
    ['an identity provider', AWS.replaceAll('SPSSODescriptor', 'IDPSSODescriptor')],
    ['no address', descriptor('')],
    ['an address by another binding only', descriptor(consumer(ACS).replace('HTTP-POST', 'HTTP-Artifact'))],
    ['no entity id', AWS.replace(`entityID="${SP}"`, '')],
  ])('is refused when it is %s', (_, xml) => {
    expect(read(xml)).toMatchObject({ field: 'entityDescriptor', refused: expect.stringMatching(/^It /) })
  })
})

describe('our metadata', () => {
  let certificates: readonly string[]
  beforeAll(async () => (certificates = [(await aKey()).certificate, (await aKey()).certificate]))

  it('is valid by the schemas of OASIS, with one certificate or two', async (context) => {
    if (!hasSchemas()) return context.skip('xmllint or the schemas of SAML are not installed')
    const metadata = { entityId: IDP, singleSignOnUrl: 'https://gatehouse.example/saml/sso', nameIdFormats: ['urn:f'] }
    expect(await schemaComplains(writeMetadata({ ...metadata, certificates }), 'metadata')).toBe('')
    expect(await schemaComplains(writeMetadata({ ...metadata, certificates: certificates.slice(1) }), 'metadata')).toBe(
      '',
    )
  })
  it('has no end, wants no signed requests, and keeps markup as text', () => {
    const xml = writeMetadata({ entityId: 'a"<b>&', singleSignOnUrl: IDP, nameIdFormats: [], certificates })
    expect(xml).not.toContain('validUntil')
    expect(xml).toContain('WantAuthnRequestsSigned="false"')
    expect(xml).toContain('entityID="a&quot;&lt;b>&amp;"')
  })
})
