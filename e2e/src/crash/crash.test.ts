import { randomInt } from 'node:crypto'
import { expect, it } from 'vitest'
import { runCrashTrials } from './crash-trials.ts'

it('loses and doubles nothing when the server is killed twenty times while it writes (D5-41, D5-42)', async () => {
  const seed = process.env['CRASH_SEED'] ?? String(randomInt(1_000_000))
  const said: string[] = []
  const report = await runCrashTrials({ seed, kills: 20, killsPerWorld: 10, say: (line) => said.push(line) })
  const story = `seed ${seed}; again with CRASH_SEED=${seed}\n${said.join('\n')}`
  console.log(story)
  expect(report.wrong, story).toEqual([])
  expect(report).toMatchObject({ passed: 20, failed: 0 })
}, 180_000)
