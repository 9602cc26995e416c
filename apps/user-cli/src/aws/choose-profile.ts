import { CliError, EXIT, usageError } from '@gatehouse/cli-kit'
import { parseConfig, fromBytes, type Section, toBytes } from '../aws-profile/config-file.ts'
import { behindLinks, configPathOf, readConfig } from '../aws-profile/config-path.ts'
import { isMarker, ownerOf } from '../aws-profile/markers.ts'
import { valueOf } from '../aws-profile/section-keys.ts'

export interface SsoSession {
  readonly name: string
  readonly startUrl: string | undefined
}

export interface ChosenProfile {
  readonly name: string
  /** What it signs in by; none where it gets credentials in another way. */
  readonly session: SsoSession | undefined
}

const PREFIX = 'profile '

/**
 * A profile of the AWS config file: the one named, the environment's, or the only one that we wrote.
 * @throws CliError `not found`, or `wrong usage` when there are several to choose from
 */
export function chooseProfile(
  environment: Readonly<Record<string, string | undefined>>,
  named: string | undefined,
): ChosenProfile {
  const path = configPathOf(environment)
  const { sections } = parseConfig(readConfig(behindLinks(path)), isMarker)
  const inEnvironment = environment['AWS_PROFILE'] === '' ? undefined : environment['AWS_PROFILE']
  const name = named ?? inEnvironment ?? onlyOne(sections)
  const section = sections.find(
    (one) => one.name === toBytes(PREFIX + name) || (name === 'default' && one.name === name),
  )
  if (!section)
    throw new CliError(`There is no profile ${name} in ${path}.`, {
      remedy: 'Run "tsh aws-profile" to write the profiles of your accounts and roles.',
      exitCode: EXIT.notFound,
    })
  return { name, session: sessionOf(section, sections) }
}

function onlyOne(sections: readonly Section[]): string {
  const [only, ...more] = sections
    .filter((section) => ownerOf(section)?.kind === 'gatehouse' && section.name.startsWith(PREFIX))
    .map((section) => fromBytes(section.name.slice(PREFIX.length)))
  if (only === undefined)
    throw usageError('Which profile?', 'Run "tsh aws-profile" to write the profiles of your accounts and roles.')
  if (more.length === 0) return only
  const some = [only, ...more.slice(0, 4)].join(', ')
  throw usageError('Which profile?', `Name one with --profile or AWS_PROFILE, such as ${some}.`)
}

function sessionOf(profile: Section, sections: readonly Section[]): SsoSession | undefined {
  const bytes = valueOf(profile, 'sso_session')
  if (bytes === undefined) return undefined
  const section = sections.find(({ name }) => name === `sso-session ${bytes}`)
  const startUrl = section && valueOf(section, 'sso_start_url')
  return { name: fromBytes(bytes), startUrl: startUrl === undefined ? undefined : fromBytes(startUrl) }
}
