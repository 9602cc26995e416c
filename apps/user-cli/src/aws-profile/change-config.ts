import { withFileLock, writeFileAtomically } from '@gatehouse/cli-kit'
import { type ConfigFile, formatConfig, parseConfig } from './config-file.ts'
import { behindLinks, configPathOf, makeReady, NEW_FILE_MODE, readConfig } from './config-path.ts'
import { isMarker } from './markers.ts'
import type { Update } from './update-config.ts'

/** What became of the AWS config file, or would. */
export interface ConfigChange {
  /** As the person knows it; it may be a link. */
  readonly path: string
  readonly before: Buffer
  readonly after: Buffer
  readonly update: Update
  readonly isWritten: boolean
}

/**
 * Changes the AWS config file, whole or not at all, and not while another of our processes does. Where there is nothing
 * to change nothing is touched.
 * @throws CliError when it can't be read or written
 */
export async function changeConfig(
  environment: Readonly<Record<string, string | undefined>>,
  update: (before: ConfigFile) => Update,
  { isWriting }: { readonly isWriting: boolean },
  signal: AbortSignal,
): Promise<ConfigChange> {
  const path = configPathOf(environment)
  const target = behindLinks(path)
  const compute = (): ConfigChange => {
    const before = readConfig(target)
    const updated = update(parseConfig(before, isMarker))
    return { path, before, after: formatConfig(updated.file), update: updated, isWritten: false }
  }
  const preview = compute()
  if (!isWriting || preview.before.equals(preview.after)) return preview
  makeReady(target)
  const write = (): ConfigChange => {
    const change = readConfig(target).equals(preview.before) ? preview : compute()
    writeFileAtomically(target, change.after, NEW_FILE_MODE)
    return { ...change, isWritten: true }
  }
  return withFileLock(target, write, signal)
}
