import { seconds } from '@gatehouse/domain'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { onEachDatabase } from '../testing/index.ts'
import { createPostgresLeadership } from './leadership.ts'
import type { Tables } from './schema.ts'

const signal = new AbortController().signal

onEachDatabase<Tables>('leadership', (database) => {
  /** One of several replicas, on either database: the statements are the same. */
  const candidate = (holder: string) =>
    createPostgresLeadership({ ...database(), kind: 'server' }, { holder, ttl: seconds(60) })
  const aloneInItsFolder = (holder: string) =>
    createPostgresLeadership({ ...database(), kind: 'embedded' }, { holder, ttl: seconds(60) })
  /** Moves the lease's end instead of waiting for it. */
  const letItEnd = () => sql`update lease set expires_at = now() - interval '1 ms'`.execute(database().kysely)

  it('goes to one of many, who keeps it with the same token', async () => {
    const candidates = ['a', 'b', 'c', 'd'].map(candidate)
    const tokens = await Promise.all(candidates.map((each) => each.acquireOrRenew(signal)))
    expect(tokens.filter((token) => token !== undefined)).toEqual([1])
    const again = await Promise.all(candidates.map((each) => each.acquireOrRenew(signal)))
    expect(again).toEqual(tokens)
  })

  it('goes to somebody else when it ends, with a higher token', async () => {
    const [a, b] = [candidate('a'), candidate('b')]
    expect(await a.acquireOrRenew(signal)).toBe(1)
    expect(await b.acquireOrRenew(signal)).toBeUndefined()
    await letItEnd()
    expect(await b.acquireOrRenew(signal)).toBe(2)
    expect(await a.acquireOrRenew(signal)).toBeUndefined()
  })

  it('gives a holder that let it end a new token', async () => {
    const a = candidate('a')
    expect(await a.acquireOrRenew(signal)).toBe(1)
    await letItEnd()
    expect(await a.acquireOrRenew(signal)).toBe(2)
  })

  it('is free at once when its holder releases it, and only then', async () => {
    const [a, b] = [candidate('a'), candidate('b')]
    await a.acquireOrRenew(signal)
    await b.release(signal)
    expect(await b.acquireOrRenew(signal)).toBeUndefined()
    await a.release(signal)
    expect(await b.acquireOrRenew(signal)).toBe(2)
  })

  it('is taken from a process that was killed by the next owner of an embedded database, with a higher token', async () => {
    expect(await aloneInItsFolder('killed').acquireOrRenew(signal)).toBe(1)
    const next = aloneInItsFolder('next')
    expect(await next.acquireOrRenew(signal)).toBe(2)
    expect(await next.acquireOrRenew(signal)).toBe(2)
  })
})
