import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minutes, plus } from '../kernel/instant.ts'
import { NOW } from '../testing/index.ts'
import { editDraft, type EnrolmentChanges, type EnrolmentDraft, recordCheck, startDraft } from './draft.ts'
import { warningsOfChange } from './identity-source.ts'
import { isAwsScimAddress } from './scim-address.ts'
import { type Installed, stepsOf } from './steps.ts'

const by = { by: 'eva', now: NOW }
const check = { isOk: true, message: 'All is well.', at: NOW, by: 'eva' }
const edit = (draft: EnrolmentDraft, given: EnrolmentChanges) => editDraft(draft, { given }, by)
const AWS = { region: 'eu-west-1', instanceArn: 'arn:aws:sso:::instance/ssoins-1', roleArn: 'arn:aws:iam::1:role/r' }
const IDENTITY = { identitySource: 'external', serviceProviderMetadata: '<x/>' } as const
const whole = (): EnrolmentDraft => {
  const given = edit(startDraft('acme', 'ana', NOW), {
    ...AWS,
    ...IDENTITY,
    defaultOwners: ['ana'],
    scimUrl: 'https://s',
  })
  const secret = editDraft(given, { given: {}, hasScimToken: true }, by)
  return recordCheck(recordCheck(secret, 'aws', check), 'scim', check)
}
const INSTALLED: Installed = {
  isAdopted: true,
  isActive: true,
  canSignIn: true,
  hasServiceProvider: true,
  hasSignedIn: false,
}
const states = (draft: EnrolmentDraft): Record<string, string> =>
  Object.fromEntries(stepsOf(draft, undefined).map(({ step, state }) => [step, state]))

describe('a half-done enrolment', () => {
  it('says who began it and who changed it last', () => {
    const later = plus(NOW, minutes(1))
    const draft = editDraft(startDraft('acme', 'ana', NOW), { given: AWS }, { by: 'eva', now: later })
    expect(draft).toMatchObject({ startedBy: 'ana', changedBy: 'eva', changedAt: later, revision: 2, given: AWS })
  })
  it('keeps what is not mentioned, and forgets what is taken back', () => {
    const draft = edit(edit(startDraft('acme', 'ana', NOW), AWS), { roleArn: null, region: undefined })
    expect(draft.given).toEqual({ region: AWS.region, instanceArn: AWS.instanceArn })
  })
  it.each<[string, EnrolmentChanges, string]>([
    ['the role', { roleArn: 'other' }, 'aws'],
    ['the Region', { region: 'eu-west-2' }, 'aws'],
    ['the SCIM address', { scimUrl: 'https://t' }, 'scim'],
  ])('is to be checked again when %s is another one', (_, given, step) => {
    const before = whole()
    expect(Object.keys(before.checks)).toEqual(['aws', 'scim'])
    expect(Object.keys(edit(before, given).checks)).toEqual(['aws', 'scim'].filter((one) => one !== step))
  })
  it('keeps its checks when what they were about is given again as it was', () => {
    expect(edit(whole(), { ...AWS, scimUrl: 'https://s', serviceProviderName: 'x' }).checks).toEqual(whole().checks)
  })
  it('is to be checked again when there is another token', () => {
    expect(editDraft(whole(), { given: {}, hasScimToken: true }, by).checks).toEqual({ aws: check })
  })
  it('forgets the token when the address that it was given for changes, unless another one comes with it', () => {
    const address = fc.constantFrom('https://s', 'https://s/', 'https://t', null, undefined)
    fc.assert(
      fc.property(address, fc.constantFrom(true, false, null, undefined), fc.boolean(), (scimUrl, forced, isGiven) => {
        const given = { scimUrl, forceScimUrl: forced, region: 'eu-west-2' }
        const edited = editDraft(whole(), { given, ...(isGiven ? { hasScimToken: true } : {}) }, by)
        const isSame = (scimUrl === undefined || scimUrl === 'https://s') && forced !== true
        expect(edited.hasScimToken).toBe(isGiven || isSame)
      }),
    )
  })
  it('is ready when the first four steps are done, and then says what comes next', () => {
    expect(states(startDraft('acme', 'ana', NOW))).toMatchObject({ aws: 'open', scim: 'open', verify: 'later' })
    expect(states(whole())).toMatchObject({ aws: 'done', preview: 'done', scim: 'done', verify: 'open' })
    const failed = recordCheck(whole(), 'aws', { ...check, isOk: false })
    expect(states(failed)).toMatchObject({ aws: 'failed', verify: 'later' })
  })
  it('is not ready while the metadata can not be used', () => {
    const [, , source, , verify] = stepsOf(whole(), undefined, { metadata: 'It is not one EntityDescriptor.' })
    expect(source).toMatchObject({
      step: 'identity-source',
      state: 'failed',
      message: 'It is not one EntityDescriptor.',
    })
    expect(verify).toMatchObject({ state: 'later' })
  })
  it('says why AWS could not be read, until it was read for the first time', () => {
    const verify = (isAdopted: boolean) =>
      stepsOf(whole(), { ...INSTALLED, isAdopted, isActive: true, failure: 'denied' })[4]
    expect(verify(false)).toMatchObject({ state: 'failed', message: 'AWS could not be read: denied' })
    expect(verify(true)).toMatchObject({ state: 'done' })
  })
  it('in hybrid mode needs nothing of the identity source', () => {
    const draft = edit(whole(), { hybrid: true, identitySource: null, serviceProviderMetadata: null })
    expect(states(draft)['identity-source']).toBe('done')
  })
  it('installed without the metadata has the identity source still to do, until there is a service provider', () => {
    const draft = edit(whole(), { serviceProviderMetadata: null })
    const source = (hasServiceProvider: boolean, of = draft) =>
      stepsOf(of, { ...INSTALLED, hasServiceProvider }).find(({ step }) => step === 'identity-source')
    expect(source(false)).toMatchObject({
      state: 'open',
      message: expect.stringMatching(/^Nobody can sign in to AWS through Gatehouse until the metadata is added/),
      missing: [],
    })
    expect(source(true)).toMatchObject({ state: 'done' })
    expect(source(false, edit(draft, { hybrid: true }))).toMatchObject({ state: 'done' })
  })
  it('is verified once it is adopted and writes, whatever else', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (isAdopted, isActive, canSignIn) => {
        const steps = stepsOf(whole(), { ...INSTALLED, isAdopted, isActive, canSignIn })
        expect(steps.find(({ step }) => step === 'verify')?.state === 'done').toBe(isAdopted && isActive)
        expect(steps.find(({ step }) => step === 'access')?.state === 'done').toBe(canSignIn)
      }),
    )
  })
})

describe('the last step, connecting', () => {
  const connect = (installed: Partial<Installed>, draft = whole()) =>
    stepsOf(draft, { ...INSTALLED, ...installed }).find(({ step }) => step === 'connect')

  it('is done once somebody was signed in to AWS, and not before', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (canSignIn, hasServiceProvider, hasSignedIn) => {
        const { state } = connect({ canSignIn, hasServiceProvider, hasSignedIn }) ?? {}
        expect(state).toBe(hasSignedIn ? 'done' : 'open')
      }),
    )
  })
  it('says what is in the way: no service provider, nobody with a role, nobody who tried', () => {
    const sayings = [{ hasServiceProvider: false, canSignIn: false }, { canSignIn: false }, {}].map(
      (installed) => connect(installed)?.message,
    )
    expect(sayings).toEqual([
      expect.stringContaining('no service provider'),
      expect.stringContaining('Nobody can sign in'),
      expect.stringContaining('Nobody has signed in'),
    ])
  })
  it('is nothing to do in hybrid mode, where people sign in elsewhere', () => {
    const hybrid = edit(whole(), { hybrid: true, identitySource: null, serviceProviderMetadata: null })
    expect(connect({ hasServiceProvider: false }, hybrid)).toMatchObject({
      state: 'done',
      message: expect.stringContaining('their own identity provider'),
    })
  })
})

describe('the address of a SCIM endpoint', () => {
  it.each([
    'https://scim.eu-west-1.amazonaws.com/Hw59fdecb43-083d-4307-b59f-ef4a9eb90ca6/scim/v2',
    'https://scim.us-gov-west-1.amazonaws.com/Hw59fdecb43-083d-4307-b59f-ef4a9eb90ca6/scim/v2/',
  ])('is AWS’s: %s', (address) => expect(isAwsScimAddress(address)).toBe(true))
  it.each([
    'http://scim.eu-west-1.amazonaws.com/Hw59fdecb43-083d-4307-b59f-ef4a9eb90ca6/scim/v2',
    'https://scim.eu-west-1.amazonaws.com.evil.example/Hw59fdecb43-083d-4307-b59f-ef4a9eb90ca6/scim/v2',
    'https://evil.example/scim.eu-west-1.amazonaws.com/scim/v2',
    'https://scim.eu-west-1.amazonaws.com:8443/Hw59fdecb43-083d-4307-b59f-ef4a9eb90ca6/scim/v2',
    'https://scim.eu-west-1.amazonaws.com@evil.example/Hw59fdecb43-083d-4307/scim/v2',
    'https://scim.eu-west-1.amazonaws.com/',
    'https://169.254.169.254/Hw59fdecb43/scim/v2',
    'scim',
  ])('is not AWS’s: %s', (address) => expect(isAwsScimAddress(address)).toBe(false))
})

describe('changing the identity source', () => {
  it('away from Active Directory warns that AWS deletes users, groups and assignments', () => {
    expect(warningsOfChange('active-directory').join(' ')).toMatch(/deletes all users, groups and assignments/)
    for (const from of ['identity-center', 'external'] as const)
      expect(warningsOfChange(from).join(' ')).toMatch(/^Users, groups,? .*assignments stay/)
    expect(warningsOfChange(undefined)[0]).toMatch(/^Tell which/)
  })
})
