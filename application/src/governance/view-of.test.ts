import { A_CATALOGUE, anOrganization, aUser } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { createInMemoryStore } from '../testing/in-memory-store.ts'
import { createViews } from './view-of.ts'

const { signal } = new AbortController()

it('a try of other settings shares the indexes of the view that is kept, and leaves it as it is', async () => {
  const organization = anOrganization()
  const store = createInMemoryStore()
  await store.commit(
    {
      records: [
        { put: 'organization', organization },
        { put: 'user', user: aUser('ana') },
      ],
    },
    signal,
  )
  const records = await store.readRecords(signal)
  const views = createViews()
  const kept = views.of(records, organization, A_CATALOGUE)
  const tried = views.tryOut(records, { ...organization, hybrid: true }, A_CATALOGUE)
  expect(tried.organization.hybrid).toBe(true)
  expect(tried.userById).toBe(kept.userById)
  expect(kept.organization.hybrid).toBe(false)
  expect(views.of(records, organization, A_CATALOGUE)).toBe(kept)
})
