import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hours, type Instant, minutes, plus } from '@gatehouse/domain'
import { afterEach, describe, expect, it } from 'vitest'
import { createClock, type ServerClock } from './clock.ts'

const log = { info: () => {}, warn: () => {}, error: () => {} }
const offsetFile = join(mkdtempSync(join(tmpdir(), 'gatehouse-clock-')), 'offset')
const never = new AbortController().signal
let clock: ServerClock
const start = (file?: string) => (clock = createClock({ offsetFile: file, log }))
afterEach(() => {
  clock.stop()
  rmSync(offsetFile, { force: true })
})
/** Two moments of the same clock, some milliseconds apart. */
const near = (a: Instant, b: number) => expect(Math.abs(a - b)).toBeLessThan(2_000)

describe('the clock', () => {
  it('shows the time', () => near(start().now(), Date.now()))
  it.each([
    ['90m', minutes(90)],
    ['-1h', -3_600_000],
    ['5400000', minutes(90)],
    ['-60000', -60_000],
    ['', 0],
  ])('is moved by %j', (text, offset) => {
    writeFileSync(offsetFile, text)
    near(start(offsetFile).now(), Date.now() + offset)
  })
  it('refuses a file that holds something else', () => {
    writeFileSync(offsetFile, 'soon')
    expect(() => createClock({ offsetFile, log })).toThrow('not valid')
    start()
  })
  it('wakes who waits when it jumps', async () => {
    start(offsetFile)
    const woken = clock.waitUntil(plus(clock.now(), hours(2)), never)
    writeFileSync(offsetFile, '2h1s')
    await woken
  })
  it('stays where it is while the file is half written', async () => {
    writeFileSync(offsetFile, '90m')
    start(offsetFile)
    writeFileSync(offsetFile, '90')
    writeFileSync(offsetFile, 'x')
    await new Promise((resolve) => setTimeout(resolve, 250))
    near(clock.now(), Date.now() + minutes(90))
  })
  it('does not make those wait whose time has come', () => start().waitUntil(clock.now(), never))
  it('lets go of who gives up', async () => {
    const stop = new AbortController()
    const waiting = start().waitUntil(plus(clock.now(), hours(1)), stop.signal)
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await expect(clock.waitUntil(clock.now(), stop.signal)).rejects.toThrow('enough')
  })
})
