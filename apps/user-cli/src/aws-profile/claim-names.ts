import { CliError, EXIT } from '@gatehouse/cli-kit'
import type { Section } from './config-file.ts'

/** What a section that has a name already means for somebody who wants it. */
export type Holder = 'nobody' | 'me' | 'another-cluster' | 'somebody-else'

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
  const taken = new Set(claims.flatMap(({ present }) => (present === undefined ? [] : [present])))
  const conflicts: string[] = []
  const names = claims.map(({ names: candidates, present }) => {
    if (present !== undefined) {
      // Its own section is there, and beside it somebody else's of the same name.
      if (holderOf(`${prefix} ${present}`) === 'somebody-else' && !force) conflicts.push(`[${prefix} ${present}]`)
      return present
    }
    for (const name of candidates) {
      if (taken.has(name)) continue
      const holder = holderOf(`${prefix} ${name}`)
      if (holder === 'another-cluster') continue
      if (holder === 'somebody-else' && !force) conflicts.push(`[${prefix} ${name}]`)
      taken.add(name)
      return name
    }
    throw new CliError(`There is no free name for [${prefix} ${candidates[0]}].`, {
      remedy: 'Rename a section of that name, and try again.',
      exitCode: EXIT.conflict,
    })
  })
  if (conflicts.length === 0) return names
  const shown = conflicts.slice(0, 5).join(', ')
  const more = conflicts.length > 5 ? ` and ${conflicts.length - 5} more` : ''
  throw new CliError(`The AWS config file has sections of its own called ${shown}${more}. It was not touched.`, {
    remedy: 'Rename or remove them, or give --force to take them over.',
    exitCode: EXIT.conflict,
  })
}

/** All sections of each name. */
export function sectionsByName(sections: readonly Section[]): ReadonlyMap<string, readonly Section[]> {
  return Map.groupBy(sections, ({ name }) => name)
}
