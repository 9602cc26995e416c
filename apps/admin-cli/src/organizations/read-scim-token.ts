import { usageError } from '@gatehouse/cli-kit'
import { readSource } from '../documents/read-source.ts'
import type { InstallOptions } from './install-options.ts'

/** From a flag, a file or the environment: a flag shows in the list of processes, the others don't. */
export function readScimToken(
  { scimToken, scimTokenFile }: Pick<InstallOptions, 'scimToken' | 'scimTokenFile'>,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const typed = scimToken ?? (scimTokenFile === undefined ? undefined : readSource(scimTokenFile))
  const token = (typed ?? environment['GATEHOUSE_SCIM_TOKEN'] ?? '').trim()
  if (token === '') throw usageError('--scim-token is missing.', 'Give it, --scim-token-file or GATEHOUSE_SCIM_TOKEN.')
  return token
}
