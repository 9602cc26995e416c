import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatConfig, parseConfig } from './config-file.ts'
import { isMarker } from './markers.ts'
import { foreignConfigs } from '../testing/foreign-configs.ts'
import { type Row, someAccess, URL_2, want } from '../testing/wanted.ts'
import { type Update, updateConfig, type UpdateOptions } from './update-config.ts'
import type { Wanted } from './wanted.ts'

const OPTIONS: UpdateOptions = { cluster: 'acme.example', force: false, pruneAll: false, rename: false }
const NOTHING: Wanted = { sessions: [], profiles: [] }

const update = (text: string, wanted: Wanted, options: Partial<UpdateOptions> = {}) =>
  updateConfig(parseConfig(Buffer.from(text), isMarker), wanted, { ...OPTIONS, ...options })
const updated = (text: string, wanted: Wanted, options: Partial<UpdateOptions> = {}) =>
  formatConfig(update(text, wanted, options).file).toString()
const namesIn = (text: string) => [...text.matchAll(/^\[(.+)\]/gm)].map(([, name]) => name)

const DEV = want(['dev', '012345678901', 'Admin'])
const MARKER = '; Do not edit. Section managed by Gatehouse (cluster acme.example).'
const DEV_FILE = `${MARKER}
[sso-session teleport-d-1]
sso_start_url = https://d-1.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access

${MARKER}
[profile teleport-awsic-dev-admin]
sso_session = teleport-d-1
sso_account_id = 012345678901
sso_role_name = Admin
`
const FOREIGN = '# mine\n[default]\nregion = eu-west-1\ns3 =\n  max_queue_size = 1000\n\n[services x]\n'

describe('the AWS config file after tsh aws-profile', () => {
  it('holds a session and a profile when it was missing or empty (D8-1, D8-2, D8-27)', () => {
    expect(updated('', DEV)).toBe(DEV_FILE)
  })
  it('is the same after a second run (D8-30)', () => {
    expect(updated(DEV_FILE, DEV)).toBe(DEV_FILE)
    expect(update(DEV_FILE, DEV).changes).toEqual([])
  })
  it('keeps what stands before, also without a final line end (D8-3, D8-7, D8-8, D8-12, D8-13)', () => {
    expect(updated(FOREIGN, DEV)).toBe(`${FOREIGN}\n${DEV_FILE}`)
    expect(updated(FOREIGN.trimEnd(), DEV)).toBe(`${FOREIGN}\n${DEV_FILE}`)
  })
  it('goes on with CRLF and a byte order mark where there are (D8-4, D8-5)', () => {
    const before = '\ufeff[default]\r\nregion = x\r\n'
    expect(updated(before, DEV)).toBe(`${before}\r\n${DEV_FILE.replaceAll('\n', '\r\n')}`)
  })
  it('loses what is no longer available, and only that (D8-19)', () => {
    const both = updated(FOREIGN, want(['dev', '012345678901', 'Admin'], ['prod', '210987654321', 'Reader', URL_2]))
    expect(updated(both, DEV)).toBe(`${FOREIGN}\n${DEV_FILE}`)
    expect(updated(both, NOTHING)).toBe(FOREIGN)
  })
  it('keeps comments around a section that goes, and keys added to one that stays (D8-6, D8-8, D8-20)', () => {
    const edited = DEV_FILE.replace(
      'sso_role_name = Admin\n',
      'SSO_Role_Name: Old\n\t\tlonger\n# why\nregion\t=eu-west-1\n\n# below\n[x]\n',
    )
    expect(updated(edited, DEV)).toBe(edited.replace('SSO_Role_Name: Old\n\t\tlonger', 'sso_role_name = Admin'))
    expect(updated(edited, NOTHING)).toBe('\n# below\n[x]\n')
  })
  it('leaves sections of another cluster alone unless asked (D8-15)', () => {
    const two = updated(DEV_FILE, want(['qa', '111111111111', 'Admin', URL_2]), { cluster: 'other.example' })
    expect(namesIn(two)).toHaveLength(4)
    expect(updated(two, NOTHING, { cluster: 'other.example' })).toBe(DEV_FILE)
    expect(updated(two, NOTHING, { pruneAll: true })).toBe('')
  })
  it('shares a session with another cluster, and keeps it for that one', () => {
    const two = updated(DEV_FILE, want(['qa', '111111111111', 'Admin']), { cluster: 'other.example' })
    expect(namesIn(two)).toEqual([
      'sso-session teleport-d-1',
      'profile teleport-awsic-dev-admin',
      'profile teleport-awsic-qa-admin',
    ])
    expect(namesIn(updated(two, NOTHING))).toEqual(['sso-session teleport-d-1', 'profile teleport-awsic-qa-admin'])
  })
  it('tells two instances and two accounts of one name apart, and keeps the names (D8-16, D8-18)', () => {
    const twins = want(
      ['dev', '012345678901', 'Admin'],
      ['Dev', '111111111111', 'Admin'],
      ['dev', '222222222222', 'Admin', 'https://d-1.awsapps.cn/start'],
    )
    const text = updated(DEV_FILE, twins)
    expect(namesIn(text).filter((name) => name?.startsWith('profile'))).toEqual([
      'profile teleport-awsic-dev-admin',
      'profile teleport-awsic-dev-admin-111111111111',
      'profile teleport-awsic-dev-admin-222222222222',
    ])
    expect(new Set(namesIn(text)).size).toBe(5)
    const reversed = { sessions: twins.sessions.toReversed(), profiles: twins.profiles.toReversed() }
    expect(updated(text, reversed)).toBe(text)
    expect(updated(DEV_FILE, want(['renamed', '012345678901', 'Admin']))).toBe(DEV_FILE)
  })
  it('keeps a session that clusters share when one of them prunes all (D8-15)', () => {
    const other = { cluster: 'other.example' }
    const two = updated(DEV_FILE, want(['qa', '111111111111', 'Admin']), other)
    const pruned = updated(two, want(['qa', '111111111111', 'Admin']), { ...other, pruneAll: true })
    expect(namesIn(pruned)).toEqual(['sso-session teleport-d-1', 'profile teleport-awsic-qa-admin'])
    expect(pruned).not.toContain('acme.example')
  })
  it('gives the accounts of one name the same names in whatever order they are listed', () => {
    const twins = want(['dev', '222222222222', 'Admin'], ['Dev', '111111111111', 'Admin'])
    const names = ({ profiles }: Update) => new Map(profiles.map(({ name, accountId }) => [accountId, name]))
    const expected = new Map([
      ['222222222222', 'teleport-awsic-dev-admin-222222222222'],
      ['111111111111', 'teleport-awsic-dev-admin'],
    ])
    expect(names(update('', twins))).toEqual(expected)
    expect(names(update('', { ...twins, profiles: twins.profiles.toReversed() }))).toEqual(expected)
    // The one that is left keeps the name it had, also under the same template.
    const text = updated('', twins)
    const left = want(['dev', '222222222222', 'Admin'])
    for (const rename of [false, true])
      expect(update(text, left, { rename }).profiles[0]?.name).toBe('teleport-awsic-dev-admin-222222222222')
  })
  it('renames in place when the template changes, also to and fro, and keeps the keys (D8-20)', () => {
    const two = want(['a', '111111111111', 'Admin'], ['b', '222222222222', 'Admin'])
    const before = updated('', two).replaceAll(/^(sso_account_id = (\d).*)$/gm, '$1\nregion = r-$2')
    const [a, b] = two.profiles
    if (!a || !b) throw new Error('two profiles are wanted')
    const swapped = {
      ...two,
      profiles: [
        { ...a, name: b.name },
        { ...b, name: a.name },
      ],
    }
    const after = updated(before, swapped, { rename: true })
    expect(namesIn(after).slice(1)).toEqual([`profile ${b.name}`, `profile ${a.name}`])
    expect(after).toMatch(/b-admin\](\n.+)*\nsso_account_id = 1+\nregion = r-1\n/)
    expect(updated(after, two, { rename: true })).toBe(before)
  })
  it('moves to a new start URL in place, and keeps the keys', () => {
    const before = `${DEV_FILE}region = eu-west-1\n`
    const moved = want(['dev', '012345678901', 'Admin', 'https://acme.awsapps.com/start'])
    const after = updated(before, moved)
    expect(namesIn(after)).toEqual(['profile teleport-awsic-dev-admin', 'sso-session teleport-acme'])
    expect(after).toContain('sso_session = teleport-acme\n')
    expect(after).toContain('region = eu-west-1\n')
  })
  it('does not choose between two sections of somebody else, even if forced (D8-9)', () => {
    const twice = '[profile teleport-awsic-dev-admin]\na = 1\n[profile "teleport-awsic-dev-admin"]\nb = 1\n'
    expect(() => update(twice, DEV, { force: true })).toThrow('several sections')
  })
  it('indents what it corrects as before, or a line would go on with the one above (D8-6)', () => {
    const edited = DEV_FILE.replaceAll(/^sso_(session|account_id|role_name) = /gm, '   SSO_$1: ')
    expect(updated(edited, DEV)).toBe(DEV_FILE.replaceAll(/^(sso_(session|account_id|role_name) = )/gm, '   $1'))
  })
  it('refuses a name that somebody else has, until forced (D8-9, D8-14, D8-17)', () => {
    const profile = '[profile teleport-awsic-dev-admin]\ncredential_process = x\ncolour = red\n'
    expect(() => update(profile, DEV)).toThrow('[profile teleport-awsic-dev-admin]')
    expect(() => update('[sso-session teleport-d-1]\nsso_start_url = https://x\n', DEV)).toThrow('teleport-d-1')
    expect(() => update(`${DEV_FILE}\n[profile "teleport-awsic-dev-admin"]\n`, DEV)).toThrow('not touched')
    const taken = updated(profile, DEV, { force: true })
    expect(taken).toContain(`${MARKER}\n[profile teleport-awsic-dev-admin]\ncolour = red\nsso_session = teleport-d-1\n`)
    expect(updated(taken, DEV)).toBe(taken)
  })
  it('removes a second section of its own with the same name (D8-9)', () => {
    expect(updated(`${DEV_FILE}\n${DEV_FILE}`, DEV)).toBe(DEV_FILE)
  })
  it('refuses a profile of its own in which a credential_process hides the session', () => {
    expect(() => update(`${DEV_FILE}credential_process = x\n`, DEV)).toThrow('credential_process')
  })
  it("takes over the described product's sections of the same start URL, and lists the others", () => {
    const theirs = '; Do not edit. Section managed by Teleport (AWS Identity Center integration).'
    const mine = DEV_FILE.replaceAll(MARKER, theirs)
    expect(updated(mine, DEV)).toBe(DEV_FILE)
    const other = mine.replaceAll('d-1', 'd-9').replaceAll('-dev-', '-old-')
    const { leftAlone, file } = update(other, DEV)
    expect(leftAlone).toEqual(['sso-session teleport-d-9', 'profile teleport-awsic-old-admin'])
    expect(formatConfig(file).toString()).toBe(`${other}\n${DEV_FILE}`)
    const unlike = theirs.replace(' (AWS Identity Center integration)', '')
    expect(() => update(DEV_FILE.replaceAll(MARKER, unlike), DEV)).toThrow('sections of its own')
  })
  it('sets Region and output where they are given, and leaves them otherwise', () => {
    const text = updated('', DEV, { region: 'eu-north-1', output: 'json' })
    expect(text).toContain('region = eu-north-1\noutput = json\n')
    expect(updated(text, DEV)).toBe(text)
  })
  it('writes 3,000 profiles in no time (D8-26)', () => {
    const many = want(
      ...Array.from({ length: 3000 }, (_, index): Row => [`a${index}`, String(index).padStart(12, '0'), 'R']),
    )
    const started = performance.now()
    const text = updated('', many)
    expect(updated(text, many)).toBe(text)
    expect(performance.now() - started).toBeLessThan(3000)
  })
})

describe('whatever the file and the access', () => {
  it('what is foreign survives, a second run changes nothing, and no access leaves the file as it was (D8-30)', () => {
    fc.assert(
      fc.property(foreignConfigs, someAccess, someAccess, (before, first, second) => {
        const once = updated(before, first)
        expect(once.startsWith(before)).toBe(true)
        expect(updated(once, first)).toBe(once)
        const twice = updated(once, second)
        expect(twice.startsWith(before)).toBe(true)
        expect(updated(twice, second)).toBe(twice)
        expect(updated(twice, NOTHING)).toBe(before)
      }),
      { numRuns: 300 },
    )
  })
  it('every profile has a name of its own', () => {
    fc.assert(
      fc.property(foreignConfigs, someAccess, (before, wanted) => {
        const { profiles } = update(before, wanted)
        expect(new Set(profiles.map(({ name }) => name)).size).toBe(wanted.profiles.length)
      }),
    )
  })
})
