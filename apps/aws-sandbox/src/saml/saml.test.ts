import { expect, it } from 'vitest'
import { startSamlScene } from '../testing/saml-scene.ts'

it('signs somebody in at the identity provider and shows the page that was asked for', async () => {
  await using scene = await startSamlScene()
  const { page } = await scene.signIn('/start')
  expect(await scene.reason()).toBeUndefined()
  expect(page.body).toContain('AWS accounts')
  expect(page.body).toContain('ana@acme.example')
})
it('takes all', async () => {
  await using scene = await startSamlScene()
  for (const signs of ['assertion', 'response', 'both'] as const) {
    const page = await scene.post(scene.response({ signs }))
    expect([await scene.reason(), page.status]).toEqual([undefined, 200])
  }
})
