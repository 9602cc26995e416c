import type { ResourceView } from '@gatehouse/api'
import { CliError, EXIT } from '@gatehouse/cli-kit'
import { type NameTemplate, sessionNameOf, startUrlOf } from './names.ts'

export interface WantedSession {
  readonly name: string
  readonly startUrl: string
  readonly region: string
}
export interface WantedProfile {
  readonly name: string
  readonly accountName: string
  readonly accountId: string
  readonly role: string
  readonly startUrl: string
}
/** What the config file should hold for one user of one cluster. */
export interface Wanted {
  readonly sessions: readonly WantedSession[]
  readonly profiles: readonly WantedProfile[]
}

export const NOTHING_WANTED: Wanted = { sessions: [], profiles: [] }

/**
 * One profile per permission set that AWS serves now, one session per start URL.
 * @throws CliError for a name that would add lines to the file, and for an account without a Region.
 */
export function wantedFor(
  resources: readonly ResourceView[],
  given: { readonly cluster: string; readonly nameOf: NameTemplate; readonly ssoRegion?: string | undefined },
): Wanted {
  const sessions = new Map<string, WantedSession>()
  const profiles = new Map<string, WantedProfile>()
  for (const resource of resources) {
    const granted = resource.permissionSets.filter(({ access }) => access === 'granted')
    if (granted.length === 0) continue
    const startUrl = oneLine(startUrlOf(resource.startUrl))
    if (!sessions.has(startUrl)) {
      const region = oneLine(given.ssoRegion ?? resource.region)
      if (region === '') throw noRegion(resource)
      sessions.set(startUrl, { name: sessionNameOf(startUrl), startUrl, region })
    }
    const { account: accountId, accountName, organization, region, labels } = resource
    for (const { name: role } of granted) {
      const parts = { accountName, accountId, role, organization, region, labels, cluster: given.cluster }
      const name = given.nameOf(parts)
      const profile = { name, accountName, accountId: oneLine(accountId), role: oneLine(role), startUrl }
      profiles.set(JSON.stringify([accountId, role, startUrl]), profile)
    }
  }
  const byName = (a: WantedSession, b: WantedSession): number =>
    a.name < b.name || (a.name === b.name && a.startUrl < b.startUrl) ? -1 : 1
  return { sessions: [...sessions.values()].toSorted(byName), profiles: [...profiles.values()] }
}

/** @throws CliError for what would add lines to the file, or what its readers take for its edge. */
export function oneLine(value: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what must not get into the file
  if (!/[\u0000-\u001f\u007f]/.test(value)) return value.trim()
  throw new CliError('A name from the server holds control characters, and was not written to the AWS config file.', {
    remedy: 'Tell whoever runs the server.',
    exitCode: EXIT.failure,
  })
}

const noRegion = ({ application, accountName }: ResourceView): CliError =>
  new CliError(`The Region of ${application} (account ${accountName}) is not known.`, {
    remedy: 'Name it with --aws-sso-region.',
    exitCode: EXIT.failure,
  })
