import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unifiedDiff } from './unified-diff.ts'

const PATCH = 'patch'
const NAMES = { from: 'a', to: 'b' }
const texts = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'c', '[x]', '[y]', '', 'z\r')), fc.constantFrom('', '\n'))
  .map(([lines, end]) => lines.join('\n') + end)

describe('a unified diff', () => {
  it('is empty between equal texts', () => {
    expect(unifiedDiff('a\n', 'a\n', NAMES)).toBe('')
  })
  it('shows three lines around a change, and that the last line has no end', () => {
    expect(unifiedDiff('1\n2\n3\n4\n5\n6', '1\n2\n3\n4\n5\nsix\n', NAMES)).toBe(
      '--- a\n+++ b\n@@ -3,4 +3,4 @@\n 3\n 4\n 5\n-6\n\\ No newline at end of file\n+six\n',
    )
  })
  it('is what patch needs to make the one of the other', (context) => {
    if (spawnSync(PATCH, ['--version']).error) return context.skip('there is no patch here')
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-diff-'))
    const file = join(folder, 'file')
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        writeFileSync(file, before)
        const input = unifiedDiff(before, after, { from: 'file', to: 'file' })
        if (input !== '') spawnSync(PATCH, ['--binary', '-s', 'file'], { cwd: folder, input })
        // patch removes a file that becomes empty.
        expect(after === '' ? '' : readFileSync(file, 'utf8')).toBe(after)
      }),
      { numRuns: 60 },
    )
    rmSync(folder, { recursive: true })
  })
  it('of two long files takes no time', () => {
    const file = (role: string) =>
      Array.from({ length: 20_000 }, (_, index) => `[profile p${index}]\nsso_role_name = ${role}\n`).join('\n')
    const started = performance.now()
    expect(unifiedDiff(file('a'), file('b'), NAMES).match(/^-/gm)).toHaveLength(20_001)
    expect(performance.now() - started).toBeLessThan(3000)
  })
})
