import { z } from 'zod'
import { startProgram } from './program.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts'

/** Two organizations of AWS, and the one endpoint that leads to both, as with AWS. */
export interface TwoOrganizations extends AsyncDisposable {
  readonly first: Sandbox
  readonly second: Sandbox
  /** The credentials of a call decide which one answers. */
  readonly endpointUrl: string
  stop(): Promise<void>
}

const READY_WITHIN_MS = 20_000

/** Seeds have to differ, or the ids are the same. */
export async function startTwoOrganizations(first: SandboxOptions, second: SandboxOptions): Promise<TwoOrganizations> {
  await using starting = new AsyncDisposableStack()
  const sandboxes = await Promise.all([first, second].map(async (options) => starting.use(await startSandbox(options))))
  const front = starting.use(
    startProgram({
      name: 'The front of the AWS sandboxes',
      program: 'bin/aws-sandbox',
      args: ['front', ...sandboxes.flatMap(({ controlUrl }) => ['--control-url', controlUrl])],
    }),
  )
  const [line] = await front.says('stdout', /^\{.*\}$/m, READY_WITHIN_MS)
  const [one, other] = sandboxes
  if (!one || !other) throw new Error('two were started')
  const started = starting.move()
  const stop = () => started.disposeAsync()
  const { endpointUrl } = z.object({ endpointUrl: z.string() }).parse(JSON.parse(line))
  return { first: one, second: other, endpointUrl, stop, [Symbol.asyncDispose]: stop }
}
