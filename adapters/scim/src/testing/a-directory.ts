import type { CallOptions, Directory, Gate, IdentityCenterError } from '@gatehouse/application'
import type { AwsGroupId, AwsUserId, UserProfile } from '@gatehouse/domain'
import { createDirectory } from '../directory.ts'
import { type ScriptedScim, startScriptedScim } from './scripted-scim.ts'

export interface Scene extends AsyncDisposable {
  readonly scim: ScriptedScim
  readonly directory: Directory
  readonly throttled: string[]
  readonly pauses: number[]
}

/** The adapter against a scripted server. Pauses are noted and not made. */
export async function aScene(token = () => Promise.resolve('secret-token')): Promise<Scene> {
  const scim = await startScriptedScim()
  const throttled: string[] = []
  const gate: Gate = {
    take: () => Promise.resolve(),
    report: (service, outcome) => void (outcome === 'throttled' && throttled.push(service)),
  }
  const pauses: number[] = []
  const pause = (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds)
    return Promise.resolve()
  }
  const directory = createDirectory({ baseUrl: scim.url, token, gate, allowHttp: true, pause })
  return {
    scim,
    directory,
    throttled,
    pauses,
    async [Symbol.asyncDispose]() {
      await scim[Symbol.asyncDispose]()
    },
  }
}

export const call = (signal = new AbortController().signal): CallOptions => ({ lane: 'bulk', signal })

export async function failureOf(
  work: Promise<unknown>,
): Promise<IdentityCenterError['failure'] | 'did not fail' | 'a bug'> {
  try {
    await work
    return 'did not fail'
  } catch (error) {
    return error instanceof Error && error.name === 'IdentityCenterError'
      ? (error as IdentityCenterError).failure // its name says so
      : 'a bug'
  }
}

export const ANA: UserProfile = {
  userName: 'ana@example.com',
  givenName: 'Ana',
  familyName: 'Lopez',
  displayName: 'Ana Lopez',
  email: 'ana@example.com',
  active: true,
}
export const ana = (changes: object = {}) => ({
  id: 'u-ana',
  externalId: 'ours',
  userName: ANA.userName,
  name: { givenName: 'Ana', familyName: 'Lopez' },
  displayName: ANA.displayName,
  emails: [{ value: ANA.email, primary: true }],
  active: true,
  ...changes,
})
export const U = 'u-ana' as AwsUserId
export const G = 'g-ops' as AwsGroupId
export const members = (count: number, prefix = 'u'): AwsUserId[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}` as AwsUserId)
export const memberOps = (scim: ScriptedScim) =>
  scim.requests.map(({ body }) =>
    ((body['Operations'] ?? []) as { op: string; path: string; value: { value: string }[] }[]).map(
      ({ op, path, value }) => ({ op, path, members: value.map((member) => member.value) }),
    ),
  )
