import type { CallOptions, Gate, IdentityCenter, IdentityCenterError } from '@gatehouse/application'
import { vi } from 'vitest'
import { fixedCredentials } from '../credentials.ts'
import { createIdentityCenter, type IdentityCenterOptions } from '../identity-center.ts'
import { type ScriptedAws, startScriptedAws } from './scripted-aws.ts'

export const INSTANCE = 'arn:aws:sso:::instance/ssoins-7223000000000001'
export const STORE = 'd-9067000001'

/** Lets everything out at once and remembers what it was told. */
export interface OpenGate extends Gate {
  readonly taken: string[]
  readonly throttled: string[]
}

export function openGate(): OpenGate {
  const taken: string[] = []
  const throttled: string[] = []
  return {
    taken,
    throttled,
    take(service, call) {
      call.signal.throwIfAborted()
      taken.push(`${service} ${call.lane}`)
      return Promise.resolve()
    },
    report(service, outcome) {
      if (outcome === 'throttled') throttled.push(service)
    },
  }
}

export interface Scene extends AsyncDisposable {
  readonly aws: ScriptedAws
  readonly gate: OpenGate
  readonly identityCenter: IdentityCenter
}

/** The adapter against a scripted server, found by the SDK's own variable. Retries don't wait: the jitter is nothing. */
export async function aScene(options: Partial<IdentityCenterOptions> = {}): Promise<Scene> {
  const aws = await startScriptedAws()
  pointSdkTo(aws.url)
  vi.spyOn(Math, 'random').mockReturnValue(0)
  const gate = openGate()
  const identityCenter = createIdentityCenter({
    region: 'eu-central-1',
    instanceArn: INSTANCE,
    identityStoreId: STORE,
    credentials: fixedCredentials({ accessKeyId: 'AKIATEST', secretAccessKey: 'secret' }),
    gate,
    ...options,
  })
  return {
    aws,
    gate,
    identityCenter,
    async [Symbol.asyncDispose]() {
      vi.restoreAllMocks()
      vi.unstubAllEnvs()
      await aws[Symbol.asyncDispose]()
    },
  }
}

/** No files of the person who runs the tests. */
export function pointSdkTo(url: string): void {
  vi.stubEnv('AWS_ENDPOINT_URL', url)
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null')
}

export const sweep = (signal = new AbortController().signal): CallOptions => ({ lane: 'sweep', signal })

/** How a call failed. */
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
