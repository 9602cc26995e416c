import { instantFromMillis, type UserName } from '@gatehouse/domain'
import { anOrganization, aRole, aServiceProvider, aUser, NOW } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import type { StoredSession } from '../ports/credentials.ts'
import { readView } from '../governance/read-view.ts'
import { startGovernance } from '../testing/index.ts'
import { signingPorts } from '../testing/signing-ports.ts'
import { samlAddresses } from './saml-ports.ts'
import { type DeepLink, startSamlSignIn } from './start-sign-in.ts'
import { problemOf } from '../testing/problem-of.ts'

const ADDRESSES = samlAddresses('https://gatehouse.example')

/** A portal that somebody of that name signs in to; what is signed is not looked at. */
async function start(name: string, startUrl = 'https://acme.awsapps.com/start') {
  const user = { ...aUser('eva', { roles: ['access'] }), name: name as UserName } // also names that nobody could be given
  const scene = await startGovernance({
    users: [user],
    roles: [aRole('plain')],
    organization: anOrganization({ startUrl }),
  })
  const provider = { ...aServiceProvider('aws', { preset: 'aws-identity-center' }), relayState: 'home' }
  await scene.store.commit({ records: [{ put: 'service-provider', provider }] }, scene.signal)
  const session: StoredSession = {
    tokenHash: 'hash',
    user: user.id,
    kind: 'web',
    createdAt: NOW,
    lastSeenAt: NOW,
    expiresAt: instantFromMillis(NOW + 1000),
    assumed: [],
  }
  const ports = signingPorts(scene)
  return {
    scene,
    signIn: (deepLink?: DeepLink) =>
      startSamlSignIn(
        ports,
        { name: 'aws', somebody: { session, user }, ...(deepLink ? { deepLink } : {}) },
        ADDRESSES,
        scene.signal,
      ),
  }
}

describe('signing in to AWS from our side', () => {
  it.each(['https://acme.awsapps.com/start', 'https://acme.awsapps.com/start/', 'https://acme.awsapps.com/start/#/'])(
    'leads straight into an account of the portal at %s',
    async (startUrl) => {
      const { scene, signIn } = await start('eva@acme.example', startUrl)
      const { view } = await readView(scene, scene.signal)
      const [account] = view.catalogue.accounts.values()
      const [set] = view.catalogue.permissionSets.values()
      expect(await signIn()).toMatchObject({ kind: 'respond', relayState: 'home' })
      expect(await signIn({ account: account?.id ?? '', permissionSet: set?.name ?? '' })).toMatchObject({
        relayState: `https://acme.awsapps.com/start/#/console?account_id=${account?.id}&role_name=${set?.name}`,
      })
    },
  )
  it('goes nowhere that is not known, and that is recorded', async () => {
    const { scene, signIn } = await start('eva@acme.example')
    const problem = await problemOf(signIn({ account: '000000000000', permissionSet: 'https://evil.example' }))
    expect(problem).toMatchObject({ code: 'not-found' })
    expect(scene.store.events.map(({ event, fields }) => [event, fields['success']])).toEqual([
      ['saml.idp.auth', false],
    ])
  })
  it('sends nobody there whose name AWS can not take, and says why', async () => {
    const { scene, signIn } = await start('eva')
    expect(await problemOf(signIn())).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('not an e-mail address'),
    })
    const [event] = scene.store.events
    expect(event).toMatchObject({ event: 'saml.idp.auth', fields: { success: false } })
    expect(event?.subjects).toEqual([expect.stringMatching(/^user:/), expect.stringMatching(/^service-provider:/)])
  })
})
