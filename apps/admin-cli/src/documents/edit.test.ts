import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type CliWorld, type Home, startServer } from '@gatehouse/cli-kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let world: CliWorld
let ana: Home
let drafts: string
beforeAll(async () => {
  world = await startServer()
  const home = world.home('ana')
  await home.signIn()
  drafts = join(home.folder, 'drafts with blanks')
  mkdirSync(drafts)
  ana = home.with({ TMPDIR: drafts, PATH: process.env['PATH'] ?? '' })
})
afterAll(() => world[Symbol.asyncDispose]())

const role = (name: string, description: string): string =>
  `kind: role\nversion: v8\nmetadata: {name: ${name}, description: ${description}}\nspec: {}\n`
/** An editor that changes the file by `sed`, after running a command of its own. */
function editorThat(change: string, before = ''): Home {
  const editor = join(ana.folder, 'my editor')
  writeFileSync(editor, `#!/bin/sh\n${before}\nsed -i.bak '${change}' "$2" && rm -f "$2.bak"\n`)
  chmodSync(editor, 0o755)
  // With a flag, and a path that the shell has to be told apart.
  return ana.with({ VISUAL: `"${editor}" --wait`, EDITOR: 'false' })
}
const described = async (name: string): Promise<string> => (await ana.tctl('get', `role/${name}`)).out
const keptIn = (err: string): string => /Your text is in (.*\.yaml);/.exec(err)?.[1] ?? ''

describe('tctl edit', () => {
  it('opens the document in the editor of the person, and saves what was changed', async () => {
    await ana.pipe(role('edited', 'before'), 'tctl', 'create')
    const editor = editorThat(
      's/before/after/',
      'stat -c %a "$2" > "$HOME/mode"; cat "$2" > "$HOME/seen.yaml"; echo talk',
    )
    expect(await editor.tctl('edit', 'role/edited')).toEqual({
      code: 0,
      out: 'role "edited" has been replaced\n',
      err: 'talk\n',
    })
    expect(await described('edited')).toContain('description: after')
    expect(readFileSync(join(ana.folder, 'seen.yaml'), 'utf8')).toContain('revision: "1"')
    expect(readFileSync(join(ana.folder, 'mode'), 'utf8')).toBe('600\n')
    expect(readdirSync(drafts)).toEqual([])
  })
  it('changes nothing when nothing was changed, all was deleted, or the editor failed', async () => {
    expect((await editorThat('').tctl('edit', 'role/edited')).out).toContain('stays as it is')
    expect((await editorThat('d').tctl('edit', 'role/edited')).out).toContain('stays as it is')
    const failing = await ana.with({ EDITOR: 'exit 3 #' }).tctl('edit', 'role/edited')
    expect(failing).toMatchObject({ code: 1, err: expect.stringContaining('ended with 3') as string })
    expect(failing.err).not.toContain('Your text')
    expect(await described('edited')).toContain('revision: "2"')
    expect(readdirSync(drafts)).toEqual([])
  })
  it('keeps the text where something is wrong with it, and says where it is', async () => {
    const { code, err } = await editorThat('s/^spec:/spce:/').tctl('edit', 'role/edited')
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('spce') as string })
    const kept = keptIn(err)
    expect(readFileSync(kept, 'utf8')).toContain('spce:')
    expect([statSync(kept).mode & 0o777, statSync(dirname(kept)).mode & 0o777]).toEqual([0o600, 0o700])
    writeFileSync(kept, readFileSync(kept, 'utf8').replace('spce:', 'spec:').replace('after', 'mended'))
    expect((await ana.tctl('update', kept)).code).toBe(0)
    expect(await described('edited')).toContain('description: mended')
  })
  it('refuses to write over what somebody changed meanwhile (exit 6), and keeps the text', async () => {
    const other = join(ana.folder, 'other.yaml')
    writeFileSync(other, role('edited', 'theirs'))
    const meanwhile = `"${join(process.cwd(), 'bin/tctl')}" create -f "${other}" > "$HOME/theirs"`
    const { code, err } = await editorThat('s/mended/mine/', meanwhile).tctl('edit', 'role/edited')
    expect({ code, err }).toMatchObject({ code: 6, err: expect.stringContaining('changed by somebody else') as string })
    expect(await described('edited')).toContain('theirs')
    const kept = keptIn(err)
    expect(err).toContain(`tctl update -f ${kept}`)
    expect((await ana.tctl('update', kept)).code).toBe(6)
    expect((await ana.tctl('update', '-f', kept)).code).toBe(0)
    expect(await described('edited')).toContain('mine')
    expect(existsSync(kept)).toBe(true)
  })
  it('says what can not be edited (exit 2), and what is not there (exit 5), before any editor opens', async () => {
    const editor = editorThat('', 'touch "$HOME/opened"')
    for (const wrong of ['role', 'plugins/aws-identity-center', 'access_request/x', 'access_list_review/x', 'rolle/x'])
      expect({ wrong, ...(await editor.tctl('edit', wrong)) }).toMatchObject({ wrong, code: 2, out: '' })
    expect((await editor.tctl('edit', 'role/none')).code).toBe(5)
    expect(existsSync(join(ana.folder, 'opened'))).toBe(false)
  })
})

describe('tctl update', () => {
  it('takes what was read back, once, and creates nothing', async () => {
    await ana.pipe(role('updated', 'one'), 'tctl', 'create')
    const read = (await ana.tctl('get', 'role/updated')).out
    const changed = read.replace('one', 'two')
    expect((await ana.pipe(changed, 'tctl', 'update', '--dry-run', '-')).out).toBe('role "updated" would be replaced\n')
    expect((await ana.pipe(changed, 'tctl', 'update', '-')).out).toBe('role "updated" has been replaced\n')
    expect(await ana.pipe(changed, 'tctl', 'update')).toMatchObject({ code: 6, out: '' })
    expect((await ana.pipe(changed, 'tctl', 'create', '-f')).code).toBe(0)
    expect(await ana.pipe(role('nobody', 'x'), 'tctl', 'update')).toMatchObject({ code: 5, out: '' })
    expect((await ana.tctl('get', 'role/nobody')).code).toBe(5)
  })
})
