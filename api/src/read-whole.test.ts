import { expect, it } from 'vitest'
import { ApiProblem, type GatehouseClient, type OperationView, type PlanView, readWholePlan } from './index.ts'

const OPERATIONS: readonly OperationView[] = ['a', 'b', 'c'].map((key) => ({
  key,
  kind: 'create-group',
  removes: false,
  summary: key,
}))
const page = (hash: string, at: number): PlanView => ({
  organization: 'acme',
  mode: 'active',
  hash,
  madeAt: '2027-03-01T09:00:00Z',
  counts: { 'create-group': 3 },
  totals: { operations: 3, held: 0, notes: 1 },
  operations: OPERATIONS.slice(at, at + 1),
  held: [],
  notes: at === 0 ? [{ kind: 'name-conflict', about: 'a', message: 'a' }] : [],
  ...(at < 2 ? { next: `p${at + 1}.${hash}` } : {}),
})
const changed = new ApiProblem({
  type: 'about:blank',
  title: 'another plan',
  status: 409,
  code: 'plan-changed',
  remedy: 'Read it again.',
  requestId: 'r',
})

/** Answers as a server that forgets a plan after so many pages of it, a few times. */
function forgetful(times: number): { client: Pick<GatehouseClient, 'getPlan'>; asked: unknown[] } {
  const asked: unknown[] = []
  let left = times
  return {
    asked,
    client: {
      getPlan: ({ query = {} }) => {
        asked.push(query.cursor ?? (query.refresh === true ? 'refresh' : 'first'))
        if (query.cursor?.startsWith('p2') && left-- > 0) return Promise.reject(changed)
        return Promise.resolve(page('h', query.cursor === undefined ? 0 : Number(query.cursor[1])))
      },
    },
  }
}

it('puts the pages of a plan together', async () => {
  const { client } = forgetful(0)
  const { next: _, ...first } = page('h', 0)
  expect(await readWholePlan(client, { name: 'acme' })).toEqual({ ...first, operations: OPERATIONS })
})

it('begins again when the plan was replaced half-way, and reads AWS once', async () => {
  const { client, asked } = forgetful(1)
  expect((await readWholePlan(client, { name: 'acme', refresh: true })).operations).toEqual(OPERATIONS)
  expect(asked).toEqual(['refresh', 'p1.h', 'p2.h', 'first', 'p1.h', 'p2.h'])
})

it('gives up on a plan that is replaced again and again', async () => {
  await expect(readWholePlan(forgetful(9).client, { name: 'acme' })).rejects.toBe(changed)
})
