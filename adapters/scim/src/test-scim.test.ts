import { expect, it } from 'vitest'
import { testScim } from './test-scim.ts'
import { type Answer, scimError, startScriptedScim } from './testing/scripted-scim.ts'

const { signal } = new AbortController()
const GOOD = { status: 200, json: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'] } }

async function tried(answer: Answer, token = 'secret-token') {
  await using scim = await startScriptedScim()
  scim.on('GET ServiceProviderConfig', answer)
  const result = await testScim(scim.url, token, { allowHttp: true, allowPrivate: false, signal })
  expect(JSON.stringify(result)).not.toContain(token)
  expect(scim.requests.length).toBeLessThanOrEqual(1)
  return { ...result, asked: scim.requests.length }
}

it.each<[string, Answer, string]>([
  ['a SCIM endpoint that takes the token', GOOD, 'ok'],
  ['a wrong token', scimError(401, 'no'), 'unauthorized'],
  ['a token without the right', scimError(403, 'no'), 'unauthorized'],
  ['a server in trouble', scimError(500, 'oops'), 'server-error'],
  ['a server that asks to wait', scimError(429, 'slow'), 'server-error'],
  ['another server', { status: 404, text: '<html>' }, 'not-an-endpoint'],
  ['a page', { status: 200, text: '<html>' }, 'not-an-endpoint'],
  ['a server that sends elsewhere', { status: 302, json: {}, headers: { location: 'https://x' } }, 'not-an-endpoint'],
  ['a connection that breaks', 'reset', 'unreachable'],
])('%s is told apart', async (_, answer, outcome) => expect((await tried(answer)).outcome).toBe(outcome))

it('a token that no header can carry is never sent', async () => {
  expect(await tried(GOOD, 'a\nb')).toMatchObject({ outcome: 'unauthorized', asked: 0 })
})
it('nobody there is told apart, and plain HTTP is refused elsewhere than on this machine', async () => {
  const nobody = await testScim('http://127.0.0.1:1/t/scim/v2', 't', { allowHttp: true, allowPrivate: false, signal })
  expect(nobody.outcome).toBe('unreachable')
  const plain = testScim('http://scim.example/t/scim/v2', 't', { allowHttp: true, allowPrivate: false, signal })
  await expect(plain).rejects.toThrow('is not valid')
})
it('what a server says is a sentence within ours', async () => {
  expect((await tried(scimError(401, 'The token has ended.'))).message).toBe(
    'The server answered 401: The token has ended.',
  )
})
