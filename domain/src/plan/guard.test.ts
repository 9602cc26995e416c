import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AwsUserId, grantKey } from '../identity-center/account-assignment.ts'
import { ADMIN, NOW, PROD } from '../testing/index.ts'
import { applyGuard, budgetFor, type GuardInput } from './guard.ts'
import { type Operation, operationKey } from './operation.ts'
import type { RemovalCause } from './removal-cause.ts'

const removal = (index: number, cause: RemovalCause): Operation => ({
  kind: 'delete-assignment',
  principal: { type: 'USER', awsUser: `u-${index}` as AwsUserId, userName: `user ${index}` },
  grant: grantKey({ account: PROD.id, permissionSet: ADMIN.arn }),
  cause,
  lane: 'repair',
})
const NONE = { assignment: 0, member: 0, group: 0, user: 0 }
const input = (partial: Partial<GuardInput> = {}): GuardInput => ({
  budget: { atLeast: 10, percent: 5 },
  managed: NONE,
  used: NONE,
  released: new Set(),
  doubtful: new Set(),
  ...partial,
})

describe('the guard', () => {
  it('lets through every removal that a person or an end decided, however many and however doubtful the read', () => {
    const decided = Array.from({ length: 500 }, (_, index) =>
      removal(index, index % 2 === 0 ? { kind: 'decided', event: 'e' } : { kind: 'expired', at: NOW }),
    )
    const { allowed, held } = applyGuard(decided, input({ doubtful: new Set(['assignment']) }))
    expect(allowed).toHaveLength(500)
    expect(held).toEqual([])
  })

  it('does all undecided removals of a kind or none, and never more than the budget has left', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(20), fc.nat(1_000), fc.boolean(), (count, used, managed, foreign) => {
        const removals = Array.from({ length: count }, (_, index) =>
          removal(index, { kind: foreign ? 'foreign' : 'disappeared' }),
        )
        const settings = input({ used: { ...NONE, assignment: used }, managed: { ...NONE, assignment: managed } })
        const { allowed, held } = applyGuard(removals, settings)
        const left = Math.max(0, budgetFor(settings.budget, managed) - used)
        expect(allowed.length === 0 || held.length === 0).toBe(true)
        expect(allowed.length).toBeLessThanOrEqual(left)
        expect(allowed.length + held.length).toBe(count)
      }),
    )
  })

  it('takes a time that grows with the removals, and not with their square, held or not', () => {
    const removals = Array.from({ length: 200_000 }, (_, index) => removal(index, { kind: 'foreign' }))
    const begin = performance.now()
    expect(applyGuard(removals, input()).held).toHaveLength(200_000)
    expect(applyGuard(removals, input({ budget: { atLeast: 200_000, percent: 0 } })).allowed).toHaveLength(200_000)
    expect(performance.now() - begin).toBeLessThan(4_000)
  })

  it('lets through what somebody has released, and holds what was read badly', () => {
    const removals = [removal(1, { kind: 'foreign' }), removal(2, { kind: 'foreign' })]
    const released = new Set(removals.slice(0, 1).map(operationKey))
    const { allowed, held } = applyGuard(removals, input({ doubtful: new Set(['assignment']), released }))
    expect(allowed).toEqual(removals.slice(0, 1))
    expect(held.map(({ operation }) => operation)).toEqual(removals.slice(1))
  })
})
