import { hours } from '@gatehouse/domain'
import { A_CATALOGUE, anAccount, NOW } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { startEngineScene } from '../testing/engine-scene.ts'
import { createInMemoryAws } from '../testing/in-memory-identity-center.ts'

const signal = AbortSignal.timeout(60_000)

it('what somebody has released of a doubted reading is believed, and not more than that (D5-11)', async () => {
  const accounts = Array.from({ length: 60 }, (_, index) => anAccount(`a${index}`, String(100_000_000_000 + index)))
  const aws = createInMemoryAws({ accounts, permissionSets: [...A_CATALOGUE.permissionSets.values()] })
  const scene = await startEngineScene(NOW, { mode: 'active' })
  await using running = await scene.start(aws)
  await running.untilQuiet()
  const { engine } = running
  const inside = () => engine.accounts().inside.length
  const doubts = () => [...engine.status().findings.values()].map(({ message }) => message)
  const look = async () => {
    scene.clock.advance(hours(2))
    await engine.sweepNow(signal)
  }
  const gone = accounts.slice(0, 5)
  for (const { id } of gone) aws.accounts.delete(id)
  await look()
  expect([inside(), ...doubts()]).toEqual([60, expect.stringContaining('5 of 60')])

  // The next reading shows a single account.
  const others = accounts.slice(5, 59)
  for (const { id } of others) aws.accounts.delete(id)
  await engine.release(['read-account 5'], {})
  await look()
  expect([inside(), ...doubts()]).toEqual([60, expect.stringContaining('59 of 60')])

  // What was released is used up, for what was looked at is over.
  for (const account of others) aws.accounts.set(account.id, account)
  await look()
  expect([inside(), ...doubts()]).toEqual([60, expect.stringContaining('5 of 60')])
  await engine.release(['read-account 5'], {})
  await look()
  expect([inside(), ...doubts()]).toEqual([55])
})
