import { claimNames, type Holder } from './claim-names.ts'
import { fromBytes, type Section, toBytes } from './config-file.ts'
import { shortHash } from './names.ts'
import { valueOf } from './section-keys.ts'
import type { WantedProfile, WantedSession } from './wanted.ts'

/** What is in the file already. */
export interface Present {
  /** Sections that may be rewritten and removed. */
  readonly mine: ReadonlySet<Section>
  readonly existing: ReadonlyMap<string, readonly Section[]>
  readonly holderOf: (sectionName: string) => Holder
}

const SESSION = 'sso-session '
const PROFILE = 'profile '

/**
 * A name for each session. One that another cluster wrote for the same address is shared.
 * @throws CliError when a name is somebody else's, unless `force`.
 */
export function nameSessions(
  sessions: readonly WantedSession[],
  { mine, existing, holderOf }: Present,
  force: boolean,
) {
  const present = new Map<string, string>()
  for (const section of mine) {
    const url = section.name.startsWith(SESSION) ? valueOf(section, 'sso_start_url') : undefined
    if (url !== undefined && !present.has(url)) present.set(url, section.name.slice(SESSION.length))
  }
  const isShared = ({ name, startUrl, region }: WantedSession): boolean => {
    const [section] = existing.get(SESSION + name) ?? []
    return (
      section !== undefined &&
      holderOf(SESSION + name) === 'another-cluster' &&
      valueOf(section, 'sso_start_url') === toBytes(startUrl) &&
      valueOf(section, 'sso_region') === toBytes(region)
    )
  }
  const own = sessions.filter((session) => !isShared(session))
  const claims = own.map(({ name, startUrl }) => {
    const names: [string, string] = [name, `${name}-${shortHash(startUrl)}`]
    return { names, present: present.get(toBytes(startUrl)) }
  })
  const ownNames = claimNames('sso-session', claims, { holderOf, force })
  return new Map(sessions.map((session) => [session.startUrl, ownNames[own.indexOf(session)] ?? session.name]))
}

export interface NamedProfile {
  readonly profile: WantedProfile
  readonly name: string
  readonly session: string
  /** The section that is this one already, whatever it is called. */
  readonly section: Section | undefined
}

/**
 * A name for each profile, in the order given. Which of two accounts of one name gets it does not depend on that order.
 * @throws CliError when a name is somebody else's, unless `force`.
 */
export function nameProfiles(
  profiles: readonly WantedProfile[],
  present: Present,
  options: { readonly sessionNames: ReadonlyMap<string, string>; readonly force: boolean; readonly rename: boolean },
): NamedProfile[] {
  const find = sectionFinder(present.mine, new Set(options.sessionNames.values()))
  const claims = profiles.map((profile) => {
    const { name, accountId, role, startUrl } = profile
    const session = options.sessionNames.get(startUrl) ?? ''
    const names: [string, string, string] = [
      name,
      `${name}-${accountId}`,
      `${name}-${accountId}-${shortHash(JSON.stringify([role, startUrl]))}`,
    ]
    const section = find(profile, session)
    const before = section && fromBytes(section.name.slice(PROFILE.length))
    const keeps = before !== undefined && (!options.rename || names.includes(before))
    return { profile, session, section, names, present: keeps ? before : undefined }
  })
  const inOrder = claims.toSorted((a, b) => (orderOf(a.profile) < orderOf(b.profile) ? -1 : 1))
  const { holderOf } = present
  const names = claimNames('profile', inOrder, { holderOf, force: options.force })
  const nameOf = new Map(inOrder.map((claim, index) => [claim, names[index] ?? claim.names[0]]))
  return claims.map((claim) => ({ ...claim, name: nameOf.get(claim) ?? claim.names[0] }))
}

const orderOf = ({ accountId, role, startUrl }: WantedProfile): string => JSON.stringify([accountId, role, startUrl])

/** By account, role and session; when the organization's address has changed, by account and role. */
function sectionFinder(
  mine: ReadonlySet<Section>,
  sessions: ReadonlySet<string>,
): (profile: WantedProfile, session: string) => Section | undefined {
  const exactly = new Map<string, Section>()
  const byRole = new Map<string, Section>()
  for (const section of mine) {
    if (!section.name.startsWith(PROFILE)) continue
    const [account, role, session] = ['sso_account_id', 'sso_role_name', 'sso_session'].map((key) =>
      valueOf(section, key),
    )
    const exact = JSON.stringify([account, role, session])
    if (!exactly.has(exact)) exactly.set(exact, section)
    const isOfBefore = session === undefined || !sessions.has(session)
    if (isOfBefore) byRole.set(JSON.stringify([account, role]), section)
  }
  const reused = new Set<Section>()
  return ({ accountId, role }, session) => {
    const exact = exactly.get(JSON.stringify([accountId, role, session].map(toBytes)))
    if (exact) return exact
    const before = byRole.get(JSON.stringify([accountId, role].map(toBytes)))
    if (!before || reused.has(before)) return undefined
    reused.add(before)
    return before
  }
}
