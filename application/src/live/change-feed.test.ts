import { anEvent, aRole } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { createRecordsCache } from '../governance/records-cache.ts'
import { createInMemoryStore } from '../testing/in-memory-store.ts'
import { createChangeFeed } from './change-feed.ts'

const { signal } = new AbortController()
const LOOK_EVERY_MS = 5
const LOG = { info: () => undefined, warn: () => undefined, error: () => undefined }

it('says once that very much has happened at once, as when thousands leave a list', async () => {
  const store = createInMemoryStore()
  const feed = createChangeFeed({ records: createRecordsCache(store), auditLog: store, log: LOG }, LOOK_EVERY_MS)
  const heard: (readonly string[])[] = []
  const subscription = await feed.subscribe(({ topics }) => heard.push(topics))
  const events = Array.from({ length: 2_000 }, () => anEvent('access_list.member.delete'))
  await store.commit({ events }, signal)
  await expect.poll(() => heard.length).toBe(1)
  await store.commit({ records: [{ put: 'role', role: aRole('reader') }] }, signal)
  await expect.poll(() => heard.at(-1)).toContain('roles')
  subscription.end()
  expect(heard).toHaveLength(2)
  expect(heard[0]).toEqual(['audit-events', 'assignments'])
  expect(heard[1]).not.toContain('audit-events')
})

it('tells what has changed since a page was opened, however long nobody had listened', async () => {
  const store = createInMemoryStore()
  const feed = createChangeFeed({ records: createRecordsCache(store), auditLog: store, log: LOG }, LOOK_EVERY_MS)
  await store.commit({ events: [anEvent('user.login')] }, signal)
  const opened = await feed.position()
  const subscription = await feed.subscribe(() => undefined)
  expect(subscription.since(opened).topics).toEqual([])
  const before = await feed.position()
  await store.commit({ records: [{ put: 'role', role: aRole('reader') }] }, signal)
  await expect.poll(() => subscription.since(before).topics).toContain('roles')
  expect(subscription.since(before).topics).not.toContain('audit-events')
  await store.commit({ events: [anEvent('user.login')] }, signal)
  await expect.poll(() => subscription.since(before).topics).toContain('audit-events')
  expect(subscription.since(before).topics).toContain('roles')
  expect(subscription.since(await feed.position()).topics).toEqual([])
  expect(subscription.since(undefined).topics).toHaveLength(11)
  subscription.end()
})
