import {
  DomainError,
  minutes,
  type Organization,
  type PermissionSetArn,
  type PermissionSetReading,
  plus,
} from '@gatehouse/domain'
import { aPermissionSet, anOrganization } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { type IdentityCenter, IdentityCenterError } from '../ports/identity-center.ts'
import { connectInMemory, createInMemoryAws } from '../testing/in-memory-identity-center.ts'
import { createPermissionSetReader } from './permission-set-reader.ts'

const SETS = Array.from({ length: 40 }, (_, index) => aPermissionSet(`Set${index}`).arn)
const AFRESH = { maxAgeMs: 0 } as const
const CUT = new IdentityCenterError('unavailable', 'DescribePermissionSet', 'cut')

/** AWS, as it answers for each set; every set that it was asked for, in order. */
const startReader = (answer: (arn: PermissionSetArn, signal: AbortSignal) => Promise<void>) => {
  const asked: PermissionSetArn[] = []
  const { identityCenter } = connectInMemory(createInMemoryAws({ accounts: [], permissionSets: [] }))
  const readPermissionSet: IdentityCenter['readPermissionSet'] = async (arn, { signal }) => {
    asked.push(arn)
    await answer(arn, signal)
    return { ...aPermissionSet('Any'), arn, sessionDuration: 'PT1H' } satisfies PermissionSetReading
  }
  const reader = createPermissionSetReader(() => ({ identityCenter: { ...identityCenter, readPermissionSet } }))
  return { asked, reader, organization: anOrganization(), signal: AbortSignal.timeout(10_000) }
}
const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
const forever = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(CUT), { once: true }))

describe('reading permission sets', () => {
  it('asks for nothing more once one of them could not be read', async () => {
    const { asked, reader, organization, signal } = startReader(async (arn) => {
      await aMoment()
      if (arn === SETS[0]) throw CUT
    })
    await expect(reader.read(organization, SETS, AFRESH, signal)).rejects.toBeInstanceOf(DomainError)
    const then = asked.length
    for (let moment = 0; moment < 10; moment++) await aMoment()
    expect(asked).toHaveLength(then)
    expect(then).toBeLessThanOrEqual(10)
  })

  it('asks for nothing more once whoever wanted it has gone', async () => {
    const { asked, reader, organization } = startReader(aMoment)
    const gone = new AbortController()
    const reading = reader.read(organization, SETS, AFRESH, gone.signal)
    gone.abort(new Error('gone'))
    await expect(reading).rejects.toThrow('gone')
    for (let moment = 0; moment < 10; moment++) await aMoment()
    expect(asked.length).toBeLessThanOrEqual(5)
  })

  it('one by one goes on past those that can not be read, or do not answer', async () => {
    const { asked, reader, organization, signal } = startReader(async (arn, within) => {
      if (arn === SETS[0]) throw CUT
      if (arn === SETS[1]) await forever(within)
    })
    const readings = reader.readEach(organization, SETS, { ...AFRESH, timeoutMs: 50 }, signal)
    expect(await [...readings.values()].at(-1)).toMatchObject({ arn: SETS.at(-1) })
    const ends = await Promise.allSettled(readings.values())
    expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(2)
    expect(asked).toEqual(SETS)
  })

  describe('of an organization', () => {
    /** Whose AWS each reading was of, as its revision or instance says. */
    const startConnecting = () => {
      const connected: string[] = []
      const read: string[] = []
      const { identityCenter } = connectInMemory(createInMemoryAws({ accounts: [], permissionSets: [] }))
      const reader = createPermissionSetReader(({ instanceArn, revision }) => {
        const name = `${instanceArn.split('/').at(-1)} ${revision}`
        connected.push(name)
        const readPermissionSet: IdentityCenter['readPermissionSet'] = async (arn) => {
          read.push(name)
          return { ...aPermissionSet('Any'), arn, sessionDuration: 'PT1H' }
        }
        return { identityCenter: { ...identityCenter, readPermissionSet } }
      })
      const signal = AbortSignal.timeout(10_000)
      const look = (organization: Organization, maxAgeMs: number) =>
        reader.read(organization, SETS.slice(0, 1), { maxAgeMs }, signal)
      return { connected, read, look }
    }
    const former = anOrganization({ instanceArn: 'arn:aws:sso:::instance/ssoins-former' })
    const again = anOrganization({
      instanceArn: 'arn:aws:sso:::instance/ssoins-again',
      createdAt: plus(former.createdAt, minutes(5)),
    })

    it('that was enrolled again under its name asks it where it is now, and not where the former one was', async () => {
      const { read, look } = startConnecting()
      await look(former, 0)
      await look(again, 0)
      await look(former, 0)
      await look(again, 0)
      expect(read).toEqual(['ssoins-former 1', 'ssoins-again 1', 'ssoins-former 1', 'ssoins-again 1'])
    })

    it('that was enrolled again shows nothing of what was read of the former one', async () => {
      const { read, look } = startConnecting()
      for (const organization of [former, former, again, again]) await look(organization, 60_000)
      expect(read).toEqual(['ssoins-former 1', 'ssoins-again 1'])
    })

    it('connects to it once for all readings, and again when it has other settings', async () => {
      const { connected, look } = startConnecting()
      const edited = { ...again, revision: 2 }
      for (const organization of [again, again, edited, again, edited]) await look(organization, 0)
      expect(connected).toEqual(['ssoins-again 1', 'ssoins-again 2'])
    })
  })
})
