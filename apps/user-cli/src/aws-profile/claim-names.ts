import { CliError, EXIT } from '@gatehouse/cli-kit'

/** What a section that has a name already means for somebody who wants it. */
export type Holder = 'nobody' | 'me' | 'another-cluster' | 'somebody-else' | 'several-others'

export interface Claim {
  /** As it should be called, then what else it may be called. */
  readonly names: readonly [string, ...string[]]
  /** The section that is this one already keeps its name. */
  readonly present?: string | undefined
}

/**
 * Gives every claim a name that no other has.
 * @throws CliError when a name is somebody else's, unless `force`.
 */
export function claimNames(
  prefix: 'profile' | 'sso-session',
  claims: readonly Claim[],
  { holderOf, force }: { readonly holderOf: (sectionName: string) => Holder; readonly force: boolean },
): string[] {
  const holder = (name: string): Holder => holderOf(`${prefix} ${name}`)
  const kept = claims.map(({ present }) =>
    present !== undefined && holder(present) !== 'another-cluster' ? present : undefined,
  )
  const taken = new Set(kept)
  const names = claims.map(({ names: candidates }, index) => {
    const name = kept[index] ?? candidates.find((free) => !taken.has(free) && holder(free) !== 'another-cluster')
    if (name === undefined) throw noFreeName(`[${prefix} ${candidates[0]}]`)
    taken.add(name)
    return name
  })
  const among = (...holders: readonly Holder[]): string[] =>
    names.filter((name) => holders.includes(holder(name))).map((name) => `[${prefix} ${name}]`)
  const conflicts = among('somebody-else', 'several-others')
  if (conflicts.length > 0 && !force) throw inConflict(conflicts)
  const repeated = among('several-others')
  if (repeated.length > 0) throw isRepeated(repeated)
  return names
}

const noFreeName = (name: string): CliError =>
  new CliError(`There is no free name for ${name}.`, {
    remedy: 'Rename a section of that name, and try again.',
    exitCode: EXIT.conflict,
  })

const inConflict = (names: readonly string[]): CliError =>
  new CliError(`The AWS config file has sections of its own called ${someOf(names)}. It was not touched.`, {
    remedy: 'Rename or remove them, or give --force to take them over.',
    exitCode: EXIT.conflict,
  })

/** The AWS CLI reads no file with two, and other programs mix them: which one was meant is for the person to say. */
const isRepeated = (names: readonly string[]): CliError =>
  new CliError(`The AWS config file has several sections of its own called ${someOf(names)}. It was not touched.`, {
    remedy: 'Leave one of each name, and try again.',
    exitCode: EXIT.conflict,
  })

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}
