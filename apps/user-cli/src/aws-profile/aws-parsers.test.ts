import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSharedConfigFiles, loadSsoSessionData } from '@smithy/core/config'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { foreignConfigs, readableConfigs } from '../testing/foreign-configs.ts'
import { someAccess } from '../testing/wanted.ts'
import { formatConfig, parseConfig } from './config-file.ts'
import { isMarker } from './markers.ts'
import { type Update, updateConfig } from './update-config.ts'
import type { Wanted } from './wanted.ts'

const OPTIONS = { cluster: 'acme.example', force: false, pruneAll: false, rename: false }
const PYTHON = 'python3'
const READ_ALL = `
import json, sys
from botocore.configloader import load_config
for path in sys.argv[1:]:
    try:
        print(json.dumps(load_config(path)))
    except Exception as error:
        print(json.dumps({'error': type(error).__name__}))
`

type Sections = Readonly<Record<string, unknown>>
/** Every profile and session that a parser finds. */
interface Read {
  readonly profiles: Sections
  readonly sessions: Sections
}

let folder: string
let count = 0
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-parsers-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const fileOf = (text: string): string => {
  const path = join(folder, `config-${count++}`)
  writeFileSync(path, text)
  return path
}
function updated(before: string, wanted: Wanted): { readonly text: string; readonly update: Update } {
  const update = updateConfig(parseConfig(Buffer.from(before), isMarker), wanted, OPTIONS)
  return { text: formatConfig(update.file).toString(), update }
}

/** What each parser should find in addition to what others wrote. */
function oursIn(wanted: Wanted, { profiles }: Update): Read {
  return {
    profiles: Object.fromEntries(
      profiles.map(({ name, session, accountId, role }) => [
        name,
        { sso_session: session, sso_account_id: accountId, sso_role_name: role },
      ]),
    ),
    sessions: Object.fromEntries(
      wanted.sessions.map(({ name, startUrl, region }) => [
        name,
        { sso_start_url: startUrl, sso_region: region, sso_registration_scopes: 'sso:account:access' },
      ]),
    ),
  }
}

async function readBySdk(text: string): Promise<Read> {
  const configFilepath = fileOf(text)
  const { configFile } = await loadSharedConfigFiles({ configFilepath, filepath: join(folder, 'none') })
  const isProfile = ([name]: [string, unknown]): boolean => !/^(sso-session|services)\./.test(name)
  return {
    profiles: Object.fromEntries(Object.entries(configFile).filter(isProfile)),
    sessions: await loadSsoSessionData({ configFilepath }),
  }
}

const botocoreSchema = z.union([
  z.object({ error: z.string() }),
  z
    .object({ profiles: z.record(z.string(), z.unknown()), sso_sessions: z.record(z.string(), z.unknown()) })
    .transform(({ profiles, sso_sessions: sessions }): Read => ({ profiles, sessions })),
])

function readByBotocore(texts: readonly string[]): z.infer<typeof botocoreSchema>[] {
  const { stdout } = spawnSync(PYTHON, ['-c', READ_ALL, ...texts.map(fileOf)], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONUTF8: '1' },
  })
  return stdout
    .trim()
    .split('\n')
    .map((line) => botocoreSchema.parse(JSON.parse(line)))
}

const together = (one: Read, other: Read): Read => ({
  profiles: { ...one.profiles, ...other.profiles },
  sessions: { ...one.sessions, ...other.sessions },
})

describe("what AWS's own parsers read after tsh aws-profile", () => {
  it('is what others wrote, and every profile and session of ours, for the SDK for JavaScript (D8-7, D8-9, D8-13, D8-30)', async () => {
    await fc.assert(
      fc.asyncProperty(foreignConfigs, someAccess, async (before, wanted) => {
        const { text, update } = updated(before, wanted)
        expect(await readBySdk(text)).toEqual(together(await readBySdk(before), oursIn(wanted, update)))
        expect(await readBySdk(updated(text, { sessions: [], profiles: [] }).text)).toEqual(await readBySdk(before))
      }),
      { numRuns: 150 },
    )
  })
  it('is the same for botocore, and no file becomes one that it refuses', (context) => {
    if (spawnSync(PYTHON, ['-c', 'import botocore']).status !== 0)
      return context.skip('there is no python3 with botocore here')
    const samples = fc.sample(fc.tuple(fc.oneof(foreignConfigs, readableConfigs), someAccess), 200)
    const after = samples.map(([before, wanted]) => updated(before, wanted))
    const [readBefore, readAfter] = [
      readByBotocore(samples.map(([before]) => before)),
      readByBotocore(after.map(({ text }) => text)),
    ]
    let readable = 0
    for (const [index, [text, wanted]] of samples.entries()) {
      const [was, is, update] = [readBefore[index], readAfter[index], after[index]?.update]
      if (!was || !is || !update) throw new Error('botocore did not answer for every file')
      if ('error' in was) expect(is, text).toEqual(was)
      else {
        readable++
        expect(is, text).toEqual(together(was, oursIn(wanted, update)))
      }
    }
    expect(readable).toBeGreaterThan(80)
  })
})
