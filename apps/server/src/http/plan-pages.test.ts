import type { PlanView } from '@gatehouse/api'
import { type AccessListId, grantKey, groupKey, type HeldOperation, type Operation } from '@gatehouse/domain'
import { A_CATALOGUE, ADMIN, PROD, READ_ONLY, STAGING, userId } from '@gatehouse/domain/testing'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createPlanPages, onAccounts, type PlanPages, type ReadPlan } from './plan-pages.ts'

const HEAD = { organization: 'acme', mode: 'shadow', hash: 'h', madeAt: '2027-03-01T09:00:00Z' } as const

interface Lengths {
  readonly operations: number
  readonly held: number
  readonly notes: number
}

const creates = (title: string): Operation => ({
  kind: 'create-group',
  group: groupKey(title as AccessListId, 'members'), // any text is a list's id
  title,
})
const holds = (title: string): HeldOperation => ({ operation: creates(title), reason: 'nobody decided it' })
const titles = (count: number, prefix: string): string[] => Array.from({ length: count }, (_, at) => `${prefix}${at}`)

const aPlan = ({ operations, held, notes }: Lengths, prefix = ''): ReadPlan => ({
  head: HEAD,
  allowed: titles(operations, `${prefix}operation-`).map(creates),
  held: titles(held, `${prefix}held-`).map(holds),
  notes: titles(notes, `${prefix}note-`).map((about) => ({ kind: 'name-conflict', about, message: about })),
  catalogue: A_CATALOGUE,
})

const LONG: Lengths = { operations: 5, held: 3, notes: 0 }
const never = (): Promise<ReadPlan> => Promise.reject(new Error('no other plan is needed'))
const next = (pages: PlanPages, page: PlanView, now: () => Promise<ReadPlan> = never): Promise<PlanView> =>
  pages.nextPage({ organization: 'acme', limit: 2, cursor: page.next ?? '' }, now)
const shownIn = ({ operations, held, notes }: PlanView): readonly string[] => [
  ...operations.map(({ group }) => group ?? ''),
  ...held.map(({ operation }) => operation.group ?? ''),
  ...notes.map(({ about }) => about),
]

it('gives every operation, what is held and every note once, however long a page is', async () => {
  const length = fc.nat({ max: 12 })
  const lengths = fc.record({ operations: length, held: length, notes: length })
  await fc.assert(
    fc.asyncProperty(lengths, fc.integer({ min: 1, max: 5 }), async (plan, limit) => {
      const pages = createPlanPages()
      let page = pages.page(aPlan(plan), limit)
      const shown = [...shownIn(page)]
      while (page.next !== undefined) {
        expect(page).toMatchObject({ hash: 'h', totals: plan })
        page = await pages.nextPage({ organization: 'acme', limit, cursor: page.next }, never)
        expect(page.operations.length).toBeLessThanOrEqual(limit)
        shown.push(...shownIn(page))
      }
      const whole = createPlanPages().page(aPlan(plan), 100)
      expect(shown.toSorted()).toEqual(shownIn(whole).toSorted())
    }),
  )
})

it('goes on with the plan whose first page was read, although there is another by now', async () => {
  const pages = createPlanPages()
  const first = pages.page(aPlan(LONG), 2)
  pages.page(aPlan(LONG, 'other-'), 2)
  expect(shownIn(await next(pages, first))).toEqual(['operation-2', 'operation-3', 'held-2'])
})

it('tells plans apart that do the same and hold back something else, although their hash is one', async () => {
  const pages = createPlanPages()
  const first = pages.page(aPlan(LONG), 2)
  pages.page({ ...aPlan(LONG), held: titles(4, 'held-').map(holds) }, 2)
  expect((await next(pages, first)).totals).toEqual(LONG)
})

it('refuses a page of a plan that is not kept, and says what to do', async () => {
  const { next: cursor = '' } = createPlanPages().page(aPlan(LONG), 2)
  const started = createPlanPages()
  const asked = { organization: 'acme', limit: 2, cursor }
  await expect(started.nextPage(asked, () => Promise.resolve(aPlan(LONG, 'other-')))).rejects.toMatchObject({
    problem: { code: 'plan-changed', remedy: 'Read the plan again from its first page.' },
  })
  const same = await started.nextPage(asked, () => Promise.resolve(aPlan(LONG)))
  expect(shownIn(same)).toEqual(['operation-2', 'operation-3', 'held-2'])
})

it('gives no page of one organization to who asks about another', async () => {
  const pages = createPlanPages()
  const { next: cursor = '' } = pages.page(aPlan(LONG), 2)
  const other = { ...aPlan(LONG), head: { ...HEAD, organization: 'other' } }
  const asked = { organization: 'other', limit: 2, cursor }
  await expect(pages.nextPage(asked, () => Promise.resolve(other))).rejects.toMatchObject({
    problem: { code: 'plan-changed' },
  })
})

it.each(['p2', 'x.y', 'p-1.00', 'p2.h.h'])('takes no cursor "%s" that no plan gave', async (cursor) => {
  const asked = { organization: 'acme', limit: 2, cursor }
  await expect(createPlanPages().nextPage(asked, () => Promise.resolve(aPlan(LONG)))).rejects.toMatchObject({
    problem: { code: expect.stringMatching(/^(?:invalid-value|plan-changed)$/) as string },
  })
})

it('shows of a plan what is about some accounts, by name or id, and nothing else', () => {
  const on = (account: typeof PROD, set: typeof ADMIN): Operation => ({
    kind: 'delete-assignment',
    principal: { type: 'USER', user: userId('ana'), userName: 'ana' },
    grant: grantKey({ account: account.id, permissionSet: set.arn }),
    cause: { kind: 'foreign' },
    lane: 'repair',
  })
  const held = { operation: on(PROD, READ_ONLY), reason: 'nobody decided it' }
  const plan = { ...aPlan(LONG), allowed: [on(PROD, ADMIN), on(STAGING, ADMIN), creates('staging')], held: [held] }
  expect(onAccounts(plan, 'PRO')).toMatchObject({ allowed: [on(PROD, ADMIN)], held: [held], notes: [] })
  expect(onAccounts(plan, STAGING.id)).toMatchObject({ allowed: [on(STAGING, ADMIN)], held: [] })
  // What was pasted comes with blanks around it.
  expect(onAccounts(plan, ` ${STAGING.id} `)).toMatchObject({ allowed: [on(STAGING, ADMIN)], held: [] })
  expect(onAccounts(plan, 'ps-').allowed).toEqual([])
})
