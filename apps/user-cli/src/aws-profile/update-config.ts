import { CliError, EXIT } from '@gatehouse/cli-kit'
import { assemble, type Change, newSection } from './assemble.ts'
import { claimNames, type Holder, sectionsByName } from './claim-names.ts'
import { type ConfigFile, fromBytes, type Section, toBytes } from './config-file.ts'
import { isMarker, markerFor, ownerOf } from './markers.ts'
import { shortHash, startUrlOf } from './names.ts'
import { type Keys, valueOf, withKeys, withoutKeys } from './section-keys.ts'
import type { Wanted, WantedProfile, WantedSession } from './wanted.ts'

export interface UpdateOptions {
  readonly cluster: string
  /** Take over sections of others that have a name that is wanted. */
  readonly force: boolean
  /** Also remove what other clusters wrote. */
  readonly pruneAll: boolean
  /** Rename what is there already, because the template changed. */
  readonly rename: boolean
  readonly region?: string | undefined
  readonly output?: string | undefined
}

export interface Update {
  readonly file: ConfigFile
  readonly changes: readonly Change[]
  readonly profiles: readonly (WantedProfile & { readonly session: string })[]
  /** Sections of the described product that belong to another organization. */
  readonly leftAlone: readonly string[]
}

/** By these an SDK finds credentials before it looks at a session. */
const OTHER_CREDENTIALS = [
  'credential_process',
  'credential_source',
  'source_profile',
  'role_arn',
  'web_identity_token_file',
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
  'sso_start_url',
  'sso_region',
]

/**
 * The file with what is wanted and without what this cluster wrote before and is no longer wanted. Everything else stays.
 * @throws CliError for a conflict with a section of somebody else
 */
export function updateConfig(before: ConfigFile, wanted: Wanted, options: UpdateOptions): Update {
  const existing = sectionsByName(before.sections)
  const mine = new Set(before.sections.filter((section) => isMine(section, existing, wanted, options)))
  const holderOf = (name: string): Holder => holderAmong(existing.get(name) ?? [], mine)

  const sessionNames = nameSessions(wanted.sessions, { before, mine, existing, holderOf }, options)
  const sessionOf = (startUrl: string): string =>
    sessionNames[wanted.sessions.findIndex((session) => session.startUrl === startUrl)] ?? ''
  const profileNames = nameProfiles(wanted.profiles, { mine, holderOf, sessionOf }, options)

  const target = new Map<string, Keys>([
    ...wanted.sessions.flatMap((session, index): [string, Keys][] => {
      const name = `sso-session ${sessionNames[index] ?? ''}`
      return holderOf(name) === 'another-cluster' ? [] : [[name, sessionKeys(session)]] // shared with that one
    }),
    ...wanted.profiles.map((profile, index): [string, Keys] => [
      `profile ${profileNames[index] ?? ''}`,
      profileKeys(profile, sessionOf(profile.startUrl), options),
    ]),
  ])

  const placed = new Map<Section, Section | undefined>()
  for (const [name, keys] of target) {
    const [first, ...repeated] = existing.get(name) ?? []
    if (!first) continue
    placed.set(first, rewrite(first, keys, before.lineEnd, options))
    for (const section of repeated) if (mine.has(section)) placed.set(section, undefined)
  }
  for (const section of staleSections(before, { mine, target, placed }, options)) placed.set(section, undefined)
  const added = [...target].filter(([name]) => !existing.has(name))
  const { file, changes } = assemble(
    before,
    placed,
    added.map(([name, keys]) => newSection(toBytes(name), encoded(keys), markerFor(options.cluster), before.lineEnd)),
  )
  return {
    file,
    changes,
    profiles: wanted.profiles.map((profile, index) => ({
      ...profile,
      name: profileNames[index] ?? profile.name,
      session: sessionOf(profile.startUrl),
    })),
    leftAlone: file.sections
      .filter((section) => ownerOf(section)?.kind === 'described-product')
      .map(({ name }) => fromBytes(name)),
  }
}

type Existing = ReadonlyMap<string, readonly Section[]>

/** Ours of this cluster, or the described product's where it is about a start URL of ours. */
function isMine(section: Section, existing: Existing, wanted: Wanted, { cluster }: UpdateOptions): boolean {
  const owner = ownerOf(section)
  if (!owner) return false
  if (owner.kind === 'gatehouse') return owner.cluster === cluster
  const sessionName = valueOf(section, 'sso_session')
  const session = sessionName === undefined ? section : existing.get(`sso-session ${sessionName}`)?.[0]
  const url = session && valueOf(session, 'sso_start_url')
  return url !== undefined && wanted.sessions.some(({ startUrl }) => toBytes(startUrl) === startUrlOf(url))
}

function holderAmong(sections: readonly Section[], mine: ReadonlySet<Section>): Holder {
  if (sections.length === 0) return 'nobody'
  const others = sections.filter((section) => !mine.has(section))
  if (others.length === 0) return 'me'
  return others.every((section) => ownerOf(section)?.kind === 'gatehouse') ? 'another-cluster' : 'somebody-else'
}

function nameSessions(
  sessions: readonly WantedSession[],
  file: {
    readonly before: ConfigFile
    readonly mine: ReadonlySet<Section>
    readonly existing: Existing
    readonly holderOf: (name: string) => Holder
  },
  { force }: UpdateOptions,
): string[] {
  const prefix = 'sso-session '
  const present = new Map<string, string>()
  for (const section of file.mine) {
    const url = section.name.startsWith(prefix) ? valueOf(section, 'sso_start_url') : undefined
    if (url !== undefined && !present.has(url)) present.set(url, section.name.slice(prefix.length))
  }
  const claims = sessions.map(({ name, startUrl, region }) => {
    const [shared] = file.existing.get(prefix + name) ?? []
    const isShared =
      shared !== undefined &&
      file.holderOf(prefix + name) === 'another-cluster' &&
      valueOf(shared, 'sso_start_url') === toBytes(startUrl) &&
      valueOf(shared, 'sso_region') === toBytes(region)
    const names: [string, string] = [name, `${name}-${shortHash(startUrl)}`]
    return { names, present: present.get(toBytes(startUrl)) ?? (isShared ? name : undefined) }
  })
  return claimNames('sso-session', claims, { holderOf: file.holderOf, force })
}

function nameProfiles(
  profiles: readonly WantedProfile[],
  file: {
    readonly mine: ReadonlySet<Section>
    readonly holderOf: (name: string) => Holder
    readonly sessionOf: (startUrl: string) => string
  },
  { force, rename }: UpdateOptions,
): string[] {
  const prefix = 'profile '
  const present = new Map<string, string>()
  for (const section of rename ? [] : file.mine) {
    if (!section.name.startsWith(prefix)) continue
    const key = JSON.stringify(['sso_account_id', 'sso_role_name', 'sso_session'].map((name) => valueOf(section, name)))
    if (!present.has(key)) present.set(key, section.name.slice(prefix.length))
  }
  const claims = profiles.map(({ name, accountId, role, startUrl }) => {
    const names: [string, string, string] = [
      name,
      `${name}-${accountId}`,
      `${name}-${accountId}-${shortHash(JSON.stringify([role, startUrl]))}`,
    ]
    const key = JSON.stringify([accountId, role, file.sessionOf(startUrl)].map(toBytes))
    return { names, present: present.get(key) }
  })
  return claimNames('profile', claims, { holderOf: file.holderOf, force })
}

const sessionKeys = ({ startUrl, region }: WantedSession): Keys => ({
  sso_start_url: startUrl,
  sso_region: region,
  // Without it older programs get no refresh token.
  sso_registration_scopes: 'sso:account:access',
})

const profileKeys = ({ accountId, role }: WantedProfile, session: string, { region, output }: UpdateOptions): Keys => ({
  sso_session: session,
  sso_account_id: accountId,
  sso_role_name: role,
  ...(region === undefined ? {} : { region }),
  ...(output === undefined ? {} : { output }),
})

const encoded = (keys: Keys): Keys =>
  Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, toBytes(value)]))

/** Keys that somebody added stay, unless an SDK would take credentials from them instead. */
function rewrite(section: Section, keys: Keys, lineEnd: string, { cluster, force }: UpdateOptions): Section {
  const isProfile = section.name.startsWith('profile ')
  if (isProfile && !force && ownerOf(section) && valueOf(section, 'credential_process') !== undefined)
    throw new CliError(`[${fromBytes(section.name)}] has a credential_process, which hides the session.`, {
      remedy: 'Remove that line, or give --force.',
      exitCode: EXIT.conflict,
    })
  const cleared = isProfile && force ? withoutKeys(section, OTHER_CREDENTIALS) : section
  return withMarker(withKeys(cleared, encoded(keys), lineEnd), markerFor(cluster), lineEnd)
}

function withMarker(section: Section, marker: string, lineEnd: string): Section {
  const at = section.lead.findIndex(isMarker)
  if (at === -1) return { ...section, lead: [...section.lead, marker + lineEnd] }
  if (section.lead[at]?.trim() === marker) return section
  return { ...section, lead: section.lead.with(at, marker + lineEnd) }
}

/** What was written before and is not wanted now. A session stays while another cluster's profiles go by it. */
function staleSections(
  { sections }: ConfigFile,
  now: {
    readonly mine: ReadonlySet<Section>
    readonly target: ReadonlyMap<string, Keys>
    readonly placed: ReadonlyMap<Section, Section | undefined>
  },
  { pruneAll }: UpdateOptions,
): Section[] {
  const isManagedKind = ({ name }: Section): boolean => name.startsWith('profile ') || name.startsWith('sso-session ')
  const isOurs = (section: Section): boolean =>
    now.mine.has(section) || (pruneAll && ownerOf(section)?.kind === 'gatehouse')
  const neededByOthers = new Set(
    sections.flatMap((section) =>
      isOurs(section) || ownerOf(section)?.kind !== 'gatehouse'
        ? []
        : [`sso-session ${valueOf(section, 'sso_session') ?? ''}`],
    ),
  )
  return sections.filter(
    (section) =>
      isOurs(section) &&
      isManagedKind(section) &&
      !now.placed.has(section) &&
      !now.target.has(section.name) &&
      !neededByOthers.has(section.name),
  )
}
