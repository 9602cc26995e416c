import { hours, plus } from '@gatehouse/domain'
import { A_CATALOGUE, ADMIN, approved, aRequest, aUser, NOW, on, PROD } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { IdentityCenterError } from '../ports/identity-center.ts'
import { startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws, type InMemoryAws, type Wire } from '../testing/in-memory-identity-center.ts'

const anEmptyAws = (): InMemoryAws =>
  createInMemoryAws({
    accounts: [...A_CATALOGUE.accounts.values()],
    permissionSets: [...A_CATALOGUE.permissionSets.values()],
  })
const allHeld = (aws: InMemoryAws): readonly string[] => [...aws.assignments.values()].flatMap((held) => [...held])
const REPORTED = { 'assignment-added': 'report' } as const

describe('a write with an unknown effect', () => {
  it('is not settled by a removal that AWS has failed', async () => {
    const aws = anEmptyAws()
    const scene = await startEngineScene(NOW)
    await scene.save(
      {
        put: 'organization',
        organization: {
          ...scene.organization,
          driftPolicy: { ...scene.organization.driftPolicy, ...REPORTED },
          revision: 2,
        },
      },
      { put: 'user', user: aUser('ana') },
      { put: 'request', request: aRequest('r', 'ana', { roles: [on(ADMIN, PROD)], ...approved(NOW, hours(1)) }) },
    )
    let lose = true
    let fail = true
    const wire: Wire = {
      before: async () => {},
      async after({ operation }) {
        if (operation !== 'CreateAccountAssignment' || !lose) return
        lose = false
        scene.clock.set(plus(NOW, hours(1))) // and so it is wanted no longer
        throw new IdentityCenterError('unavailable', operation, 'the line broke')
      },
      refuses({ operation }) {
        if (operation !== 'DeleteAccountAssignment' || !fail) return undefined
        fail = false
        return 'An unexpected internal service exception was encountered'
      },
    }
    await using running = await scene.start(aws, wire)
    await running.untilQuiet()
    await running.engine.sweepNow(AbortSignal.timeout(5_000))
    await running.untilQuiet()
    expect(fail).toBe(false)
    expect(allHeld(aws)).toEqual([])
  })
})
