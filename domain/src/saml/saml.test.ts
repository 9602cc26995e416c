import { describe, expect, it } from 'vitest'
import { minutes, plus, seconds } from '../kernel/instant.ts'
import { DomainError } from '../kernel/problems.ts'
import { checkTexts } from '../predicates/predicate.ts'
import { ATTRIBUTE_SCOPE } from '../predicates/scopes.ts'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { aList, aRole, aServiceProvider, aUser, aUserLink, aView, NOW } from '../testing/builders.ts'
import { ACCESS_CONTROL_PREFIX, attributesOf } from './attributes.ts'
import { type AuthnRequest, checkAuthnRequest, isContextMet } from './authn-request.ts'
import { isFormatAcceptable, nameIdOf } from './name-id.ts'
import { ATTRIBUTE_NAME_FORMATS, type ServiceProvider } from './service-provider.ts'

const portal = aServiceProvider('portal', {
  metadata: {
    ...aServiceProvider('portal').metadata,
    assertionConsumers: [
      { url: 'https://portal.example/acs', index: 3 },
      { url: 'https://portal.example/eu/acs', index: 7 },
    ],
  },
})
const HERE = 'https://gatehouse.example/saml/sso'
const asking = (partial: Partial<AuthnRequest> = {}): AuthnRequest => ({
  id: '_1',
  issuer: portal.metadata.entityId,
  issuedAt: NOW,
  forceAuthn: false,
  isPassive: false,
  contextClasses: [],
  ...partial,
})
const consumerOf = (partial: Partial<AuthnRequest> = {}): string =>
  checkAuthnRequest(asking(partial), portal, { now: NOW, destination: HERE })
function objection(partial: Partial<AuthnRequest>): string {
  try {
    consumerOf(partial)
    return ''
  } catch (error) {
    if (error instanceof DomainError && error.problem.code === 'refused') return error.message
    throw error
  }
}

describe('a request to sign somebody in', () => {
  it('is answered at the address it names, by number or in full, else at the default', () => {
    expect(consumerOf()).toBe('https://portal.example/acs')
    expect(consumerOf({ assertionConsumerIndex: 7 })).toBe('https://portal.example/eu/acs')
    expect(consumerOf({ assertionConsumerUrl: 'https://portal.example/eu/acs' })).toBe('https://portal.example/eu/acs')
  })
  it('D1-15 is refused for an address that is not registered', () => {
    expect(objection({ assertionConsumerUrl: 'https://evil.example/acs' })).toContain('registered')
    expect(objection({ assertionConsumerUrl: '' })).toContain('registered')
  })
  it.each([
    'https://portal.example/acs/../acs',
    'https://portal.example/acs2',
    'https://portal.example/ac',
    'https://portal.example:443/acs',
    'https://PORTAL.example/acs',
    'https://portal.example/ACS',
    'https://user@portal.example/acs',
    'https://portal.example./acs',
    'https://portal.example%2facs',
    'https://portal.example/acs?x',
    'https://portal.example/acs#x',
    ' https://portal.example/acs',
  ])('D1-16 is refused for an address that only looks registered: %j', (url) => {
    expect(objection({ assertionConsumerUrl: url })).toContain('registered')
  })
  it('D1-17 is refused for a number that no address has', () => {
    expect(objection({ assertionConsumerIndex: 0 })).toContain('no address number 0')
  })
  it('D1-18 is refused when it is meant for another identity provider', () => {
    expect(objection({ destination: 'https://other.example/saml/sso' })).toContain('is for')
    expect(objection({ destination: `${HERE}/` })).toContain('is for')
    expect(objection({ destination: HERE })).toBe('')
  })
  it('D1-19 D1-20 is refused when it is older than five minutes, or a minute ahead', () => {
    expect(objection({ issuedAt: plus(NOW, minutes(-5)) })).toBe('')
    expect(objection({ issuedAt: plus(NOW, seconds(-301)) })).toContain('too old')
    expect(objection({ issuedAt: plus(NOW, minutes(1)) })).toBe('')
    expect(objection({ issuedAt: plus(NOW, seconds(61)) })).toContain('future')
  })
  it('D1-30 is met when it asks for a password or for nothing special, and not for more', () => {
    const classes = (...names: string[]) =>
      isContextMet({ contextClasses: names.map((name) => `urn:oasis:names:tc:SAML:2.0:ac:classes:${name}`) })
    expect(classes()).toBe(true)
    expect(classes('PasswordProtectedTransport')).toBe(true)
    expect(classes('TimeSyncToken', 'unspecified')).toBe(true)
    expect(classes('TimeSyncToken')).toBe(false)
  })
})

describe('the name that an application is told', () => {
  const ana = aUser('ana')
  const aws = aServiceProvider('aws', { preset: 'aws-identity-center' })
  it('is for AWS the name that it was last told, as an address', () => {
    const renamed = { ...aUserLink(ana), pushed: { ...aUserLink(ana).pushed, userName: 'ana.old@acme.example' } }
    const view = aView({ users: [ana], userLinks: [renamed] })
    const format = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'
    expect(nameIdOf(ana, aws, view)).toEqual({ value: 'ana.old@acme.example', format })
    expect(nameIdOf(ana, aws, aView({ users: [ana] }))).toEqual({ value: 'ana@acme.example', format })
    expect(nameIdOf(ana, portal, view).value).toBe('ana@acme.example')
  })
  it('is for AWS its own where it was left that, letter for letter, and nobody else is told it', () => {
    const found = aUserLink(ana, { awsUserName: 'Ana@acme.example' })
    expect(nameIdOf(ana, aws, aView({ users: [ana], userLinks: [found] })).value).toBe('Ana@acme.example')
    const other = aUserLink(aUser('bea'), { awsUserName: 'ana@acme.example' })
    expect(() => nameIdOf(ana, aws, aView({ users: [ana], userLinks: [other] }))).toThrow('somebody else')
  })
  it('D1-36 is never one by which AWS knows somebody else, as after two were renamed or one was replaced', () => {
    const taken = { ...aUserLink(aUser('eva')).pushed, userName: 'Ana@acme.example' }
    for (const userDeleted of [false, true]) {
      const links = [aUserLink(aUser('eva'), { pushed: taken, userDeleted })]
      expect(() => nameIdOf(ana, aws, aView({ users: [ana, aUser('eva')], userLinks: links }))).toThrow('somebody else')
      expect(nameIdOf(ana, portal, aView({ users: [ana], userLinks: links })).value).toBe('ana@acme.example')
    }
  })
  it('has the first format of the metadata that we know', () => {
    const wanting = (...nameIdFormats: string[]): ServiceProvider => ({
      ...portal,
      metadata: { ...portal.metadata, nameIdFormats },
    })
    const unspecified = 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified'
    expect(nameIdOf(ana, wanting('urn:x', unspecified), aView()).format).toBe(unspecified)
    expect(nameIdOf(ana, wanting('urn:x'), aView()).format).toBe(unspecified)
  })
  it('D1-28 can not be asked for in another format', () => {
    const nameId = nameIdOf(ana, aws, aView())
    expect(isFormatAcceptable(undefined, nameId)).toBe(true)
    expect(isFormatAcceptable('urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified', nameId)).toBe(true)
    expect(isFormatAcceptable(nameId.format, nameId)).toBe(true)
    expect(isFormatAcceptable('urn:oasis:names:tc:SAML:2.0:nameid-format:persistent', nameId)).toBe(false)
  })
})

describe('the attributes that an application is told', () => {
  const map = (name: string, value: string) => ({ name, nameFormat: ATTRIBUTE_NAME_FORMATS.basic, value })
  const ana = aUser('ana', { traits: { team: ['b', 'a'], cost: ['4711', '4712'] }, roles: ['reader'] })
  const list = aList('ops', { members: ['ana'] })
  const view = aView({
    users: [ana],
    roles: [aRole('reader')],
    lists: [{ ...list, grants: { roles: [], traits: { team: ['ops'] } } }],
  })
  const told = (provider: ServiceProvider) =>
    attributesOf(provider, { user: ana, roles: effectiveRoles(ana, view, NOW), view, now: NOW })

  it('are the name and the roles unless told otherwise, and traits of the user and his lists', () => {
    expect(
      told({ ...portal, attributeMapping: [map('teams', 'external.team'), map('none', 'external.none')] }),
    ).toEqual([
      {
        name: 'urn:oid:0.9.2342.19200300.100.1.1',
        friendlyName: 'uid',
        nameFormat: ATTRIBUTE_NAME_FORMATS.uri,
        values: ['ana@acme.example'],
      },
      {
        name: 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1',
        friendlyName: 'eduPersonAffiliation',
        nameFormat: ATTRIBUTE_NAME_FORMATS.uri,
        values: ['reader'],
      },
      { name: 'teams', nameFormat: ATTRIBUTE_NAME_FORMATS.basic, values: ['a', 'b', 'ops'] },
    ])
  })
  it('replace the default of the same name, even by nothing', () => {
    const mapped = told({ ...portal, attributeMapping: [map('urn:oid:1.3.6.1.4.1.5923.1.1.1.1', 'external.none')] })
    expect(mapped.map(({ name }) => name)).toEqual(['urn:oid:0.9.2342.19200300.100.1.1'])
  })
  it('are for AWS only those for access control, each with one value', () => {
    const attributeMapping = [map(`${ACCESS_CONTROL_PREFIX}CostCenter`, 'external.cost'), map('teams', 'external.team')]
    expect(told({ ...portal, preset: 'aws-identity-center', attributeMapping })).toEqual([
      { name: `${ACCESS_CONTROL_PREFIX}CostCenter`, nameFormat: ATTRIBUTE_NAME_FORMATS.basic, values: ['4711'] },
    ])
  })
  it('may be put together by an expression', () => {
    const attributeMapping = [
      map('teams', 'union(external.team, "everybody")'),
      map('fixed', '"yes"'),
      map('account', 'user.metadata.name'),
    ]
    const values = told({ ...portal, attributeMapping }).slice(2)
    expect(values.map((attribute) => attribute.values)).toEqual([
      ['a', 'b', 'ops', 'everybody'],
      ['yes'],
      ['ana@acme.example'],
    ])
  })
  it('come from names of what there is, never from the insides of an object', () => {
    const insides = ['external.constructor', 'user.spec.traits["__proto__"]'].map((value, index) =>
      map(`a${index}`, value),
    )
    expect(told({ ...portal, attributeMapping: insides })).toHaveLength(2)
    for (const text of [
      'constructor',
      '__proto__',
      'external.',
      'external.a.b',
      'uid || true',
      'strings.upper(uid)',
      '',
    ])
      expect(() => checkTexts(text, ATTRIBUTE_SCOPE)).toThrow(DomainError)
  })
})
