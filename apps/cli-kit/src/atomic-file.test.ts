import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeFileAtomically } from './atomic-file.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-atomic-'))
  path = join(folder, 'config')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Writes one text and the other in turns until it is killed. */
const WRITER = `
import { writeFileAtomically } from ${JSON.stringify(new URL('./atomic-file.ts', import.meta.url).href)}
console.log('ready')
for (let turn = 0; ; turn++) writeFileAtomically(process.argv[1], Buffer.alloc(300_000, turn % 2 ? 'a' : 'b'), 0o600)
`

describe('a file that is replaced', () => {
  it('is whole, with its mode, wherever the writer is killed (D8-25)', async () => {
    writeFileSync(path, Buffer.alloc(300_000, 'a'))
    chmodSync(path, 0o640)
    for (let trial = 0; trial < 15; trial++) {
      const writer = spawn(process.execPath, ['--input-type=module', '--eval', WRITER, path], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const ended = new Promise((resolve) => writer.on('close', resolve))
      await new Promise((resolve) => writer.stdout.once('data', resolve))
      await pause(trial)
      writer.kill('SIGKILL')
      await ended
      const text = readFileSync(path, 'utf8')
      expect(text).toHaveLength(300_000)
      expect(new Set(text).size).toBe(1)
      expect(statSync(path).mode & 0o777).toBe(0o640)
    }
    // What a killed one left behind is in nobody's way.
    writeFileAtomically(path, Buffer.from('done'), 0o600)
    expect(readFileSync(path, 'utf8')).toBe('done')
  }, 60_000)
  it('leaves no draft when it can not be written', () => {
    expect(() => writeFileAtomically(join(folder, 'no', 'such', 'config'), Buffer.from('x'), 0o600)).toThrow('ENOENT')
    expect(readdirSync(folder)).toEqual([])
  })
})
