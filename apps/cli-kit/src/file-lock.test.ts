import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { withFileLock } from './file-lock.ts'

const { signal } = new AbortController()
const file = () => join(mkdtempSync(join(tmpdir(), 'gatehouse-lock-')), 'config')

describe('the lock beside a file', () => {
  it('is gone afterwards, also when the work fails', async () => {
    const path = file()
    await expect(
      withFileLock(
        path,
        () => {
          expect(existsSync(`${path}.gatehouse-lock`)).toBe(true)
          throw new Error('no')
        },
        signal,
      ),
    ).rejects.toThrow('no')
    expect(existsSync(`${path}.gatehouse-lock`)).toBe(false)
  })
  it('is taken over from a process that has died', async () => {
    const path = file()
    const { pid } = spawnSync('true')
    writeFileSync(`${path}.gatehouse-lock`, `${pid} ${hostname()}`)
    await withFileLock(path, () => writeFileSync(path, 'done'), signal)
    expect(readFileSync(path, 'utf8')).toBe('done')
  })
  it('is waited for until somebody interrupts', async () => {
    const path = file()
    writeFileSync(`${path}.gatehouse-lock`, `${process.pid} ${hostname()}`)
    const waiting = withFileLock(path, () => 'never', AbortSignal.timeout(50))
    await expect(waiting).rejects.toThrow('aborted')
    expect(readFileSync(`${path}.gatehouse-lock`, 'utf8')).toContain(String(process.pid))
  })
})
