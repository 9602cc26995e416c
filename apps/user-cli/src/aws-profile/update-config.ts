import { CliError, EXIT } from '@gatehouse/cli-kit'
import { assemble, type Change, newSection } from './assemble.ts'
import type { Holder } from './claim-names.ts'
import { type ConfigFile, fromBytes, isEnded, type Section, toBytes } from './config-file.ts'
import { isMarker, markerFor, ownerOf } from './markers.ts'
import { nameProfiles, nameSessions } from './name-sections.ts'
import { startUrlOf } from './names.ts'
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
  const existing = Map.groupBy(before.sections, ({ name }) => name)
  const mine = new Set(before.sections.filter((section) => isMine(section, existing, wanted, options)))
  const holderOf = (name: string): Holder => holderAmong(existing.get(name) ?? [], mine)
  const present = { mine, existing, holderOf }
  const sessionNames = nameSessions(wanted.sessions, present, options.force)
  const named = nameProfiles(wanted.profiles, present, { ...options, sessionNames })

  const target = new Map<string, Keys>([
    ...wanted.sessions.flatMap((session): [string, Keys][] => {
      const name = `sso-session ${sessionNames.get(session.startUrl) ?? session.name}`
      return holderOf(name) === 'another-cluster' ? [] : [[name, sessionKeys(session)]] // shared with that one
    }),
    ...named.map(({ name, profile, session }): [string, Keys] => [
      `profile ${name}`,
      profileKeys(profile, session, options),
    ]),
  ])
  const own = new Map(named.flatMap(({ name, section }) => (section ? [[`profile ${name}`, section]] : [])))
  const owned = new Set(own.values())

  const placed = new Map<Section, Section | undefined>()
  const added: Section[] = []
  for (const [name, keys] of target) {
    const sameName = existing.get(name) ?? []
    const place =
      sameName.find((section) => !mine.has(section)) ?? own.get(name) ?? sameName.find((section) => !owned.has(section))
    if (place) placed.set(place, rewrite(renamed(place, name), keys, before.lineEnd, options))
    else added.push(newSection(toBytes(name), encoded(keys), markerFor(options.cluster), before.lineEnd))
  }
  for (const section of staleSections(before, { mine, target, placed })) placed.set(section, undefined)
  const { file, changes } = assemble(before, placed, added)
  return {
    file,
    changes,
    profiles: named.map(({ name, profile, session }) => ({ ...profile, name, session })),
    leftAlone: file.sections
      .filter((section) => ownerOf(section)?.kind === 'described-product')
      .map(({ name }) => fromBytes(name)),
  }
}

type Existing = ReadonlyMap<string, readonly Section[]>

/** Ours of this cluster, or the described product's where it is about a start URL of ours. */
function isMine(section: Section, existing: Existing, wanted: Wanted, { cluster, pruneAll }: UpdateOptions): boolean {
  const owner = ownerOf(section)
  if (!owner) return false
  if (owner.kind === 'gatehouse') return pruneAll || owner.cluster === cluster
  const sessionName = valueOf(section, 'sso_session')
  const session = sessionName === undefined ? section : existing.get(`sso-session ${sessionName}`)?.[0]
  const url = session && valueOf(session, 'sso_start_url')
  return url !== undefined && wanted.sessions.some(({ startUrl }) => toBytes(startUrl) === startUrlOf(url))
}

function holderAmong(sections: readonly Section[], mine: ReadonlySet<Section>): Holder {
  if (sections.length === 0) return 'nobody'
  const others = sections.filter((section) => !mine.has(section))
  if (others.length === 0) return 'me'
  if (others.every((section) => ownerOf(section)?.kind === 'gatehouse')) return 'another-cluster'
  return others.length === 1 ? 'somebody-else' : 'several-others'
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

function renamed(section: Section, name: string): Section {
  if (section.name === toBytes(name)) return section
  const end = isEnded(section.header) ? /[\r\n]+$/.exec(section.header)?.[0] : ''
  return { ...section, name: toBytes(name), header: `[${toBytes(name)}]${end}` }
}

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
): Section[] {
  const isManagedKind = ({ name }: Section): boolean => name.startsWith('profile ') || name.startsWith('sso-session ')
  const neededByOthers = new Set(
    sections.flatMap((section) =>
      now.mine.has(section) || ownerOf(section)?.kind !== 'gatehouse'
        ? []
        : [`sso-session ${valueOf(section, 'sso_session') ?? ''}`],
    ),
  )
  return sections.filter(
    (section) =>
      now.mine.has(section) &&
      isManagedKind(section) &&
      !now.placed.has(section) &&
      (now.target.has(section.name) || !neededByOthers.has(section.name)),
  )
}
