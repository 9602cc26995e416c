import { type AccessRequest, days, hours, type Instant, minutes, parsePattern, plus } from '@gatehouse/domain'
import { approved, aRequest, aRole, aServiceProvider, aUser, NOW } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import type { StoredSession } from '../ports/credentials.ts'
import { startGovernance } from '../testing/index.ts'
import { signingPorts } from '../testing/signing-ports.ts'
import { samlAddresses, type SamlPorts } from './saml-ports.ts'
import { startSamlSignIn } from './start-sign-in.ts'

const SESSION_END = plus(NOW, hours(12))
const pay = aRole('pay', { version: 'v8', allow: { appLabels: { tier: [parsePattern('secret')] } } })
const roles = [pay, aRole('plain', { version: 'v8' })]
const payroll = aServiceProvider('payroll', { labels: { tier: 'secret' } })
const lent = (id: string, duration = hours(1)): AccessRequest =>
  aRequest(id, 'ana', { roles: ['pay'], applications: [payroll.name], ...approved(NOW, duration) })
const unrelated = aRequest('other', 'ana', { roles: ['plain'], ...approved(NOW, days(10)) })

/** When the application is told that the session ends. */
async function endOf(
  requests: readonly AccessRequest[],
  own: readonly string[] = ['plain'],
): Promise<Instant | undefined> {
  const user = aUser('ana', { roles: own })
  const scene = await startGovernance({ users: [user], roles, requests })
  await scene.store.commit({ records: [{ put: 'service-provider', provider: payroll }] }, scene.signal)
  const session: StoredSession = {
    tokenHash: 'hash',
    user: user.id,
    kind: 'web',
    createdAt: NOW,
    lastSeenAt: NOW,
    expiresAt: SESSION_END,
    assumed: requests.map(({ id }) => id),
  }
  let end: Instant | undefined
  const signResponse: SamlPorts['saml']['signResponse'] = ({ sessionEndsAt }) => {
    end = sessionEndsAt
    return '<signed/>'
  }
  const ports = signingPorts(scene, signResponse)
  const signIn = { name: 'payroll', somebody: { session, user } }
  await startSamlSignIn(ports, signIn, samlAddresses('https://gatehouse.example'), scene.signal)
  return end
}

it('a session in an application ends with the request that opens it', async () => {
  expect(await endOf([lent('r', minutes(10))])).toBe(plus(NOW, minutes(10)))
})
it('a request that does not open the application makes its session neither longer nor shorter', async () => {
  expect(await endOf([lent('r', minutes(10)), unrelated])).toBe(plus(NOW, minutes(10)))
  const short = aRequest('short', 'ana', { roles: ['plain'], ...approved(NOW, minutes(5)) })
  expect(await endOf([lent('r', hours(2)), short])).toBe(plus(NOW, hours(2)))
})
it('the last of several requests that open the application ends its session', async () => {
  expect(await endOf([lent('one', hours(1)), lent('two', hours(3)), lent('three', hours(2))])).toBe(plus(NOW, hours(3)))
})
it('a session goes to its own end when the application is open without any request', async () => {
  expect(await endOf([lent('r'), unrelated], ['pay'])).toBe(SESSION_END)
})
