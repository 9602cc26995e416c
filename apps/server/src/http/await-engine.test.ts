import type { OrganizationId } from '@gatehouse/domain'
import { expect, it } from 'vitest'
import { awaitEngine } from './await-engine.ts'

const ACME = 'acme' as OrganizationId
const { signal } = new AbortController()

it('says that it is not available when there is none in time, and not that the caller may not', async () => {
  await expect(awaitEngine({ of: () => undefined }, ACME, { signal, withinMs: 1 })).rejects.toMatchObject({
    name: 'Unavailable',
    remedy: expect.stringContaining('Try again') as string,
  })
})

it('ends with its signal', async () => {
  const stop = new AbortController()
  const awaited = awaitEngine({ of: () => undefined }, ACME, { signal: stop.signal })
  stop.abort()
  await expect(awaited).rejects.toMatchObject({ name: 'AbortError' })
})
