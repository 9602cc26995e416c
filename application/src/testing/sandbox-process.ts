import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What the sandbox prints when it is ready. */
export interface SandboxReady {
  readonly endpointUrl: string
  readonly controlUrl: string
  readonly scimUrl: string
  readonly scimToken: string
  readonly region: string
  readonly instanceArn: string
  readonly identityStoreId: string
  readonly managementAccountId: string
  readonly admin: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

export interface SandboxProcess extends SandboxReady, AsyncDisposable {
  /** Asks the control API, which sees the world as it is, without lag, rights or quotas. */
  control<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>
}

const MAIN = fileURLToPath(new URL('../../../apps/aws-sandbox/src/main.ts', import.meta.url))

/** The AWS sandbox as a process of its own, as a stranger would start it, with quick answers and no lag. */
export async function startSandboxProcess(options: readonly string[] = []): Promise<SandboxProcess> {
  const quick = ['--pace', '30', '--sso-lag', '0,0', '--identity-store-lag', '0,0', '--iam-lag', '0,0']
  const child = spawn(process.execPath, [MAIN, ...quick, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  const stop = (): void => void child.kill()
  process.once('exit', stop)
  const ready = await readReadyLine(child)
  return {
    ...ready,
    async control(method, path, body) {
      const response = await fetch(`${ready.controlUrl}${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
      return text === '' ? undefined : JSON.parse(text)
    },
    async [Symbol.asyncDispose]() {
      process.off('exit', stop)
      if (child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function readReadyLine(child: ChildProcess): Promise<SandboxReady> {
  if (!child.stdout) throw new Error('the sandbox has no output')
  const lines = createInterface(child.stdout)
  const [line] = await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the sandbox ended before it was ready: ${String(code)}`)
    }),
  ])
  return JSON.parse(String(line))
}
