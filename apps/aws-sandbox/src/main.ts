#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from 'commander'
import { formatEnvLines, type EnvOptions } from './env/env-lines.ts'
import { startFront, type FrontOptions } from './front/front.ts'
import { startSandbox, type SandboxOptions } from './sandbox.ts'
import { knobsSchema, parseKnob, type Knobs } from './world/knobs.ts'

const program = new Command('aws-sandbox').description('A stand-in for the AWS side of IAM Identity Center.')

interface ServeOptions extends Omit<SandboxOptions, 'knobs'> {
  readonly [option: string]: unknown
}

const serve = program
  .command('serve', { isDefault: true })
  .description('start the sandbox; prints one line of JSON when it is ready')
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--port <port>', 'port of the AWS endpoint and SCIM; 0 takes a free one', parsePort, 0)
  .option('--control-port <port>', 'port of the control API; 0 takes a free one', parsePort, 0)
  .option('--data-dir <folder>', 'keep the world in this folder; without it, in memory')
  .option(
    '--seed <seed>',
    'acme, empty or generated:<accounts>x<sets>x<users>x<groups>[x<assignments>|xall][:seed]',
    'acme',
  )
  .option('--region <region>', 'home region of the instance', 'us-east-1')
  .addOption(
    new Option('--identity-source <source>', 'where people sign in, in a new world')
      .choices(['external', 'directory', 'active-directory'])
      .default('external'),
  )
  .option('--public-url <url>', 'where browsers find the sandbox, if not where it listens', parseUrl)
  .option(
    '--pace <pace>',
    'aws, demo (1-3 s, no tail) or the milliseconds that everything asynchronous takes',
    parsePace,
    'aws',
  )
  .option('--clock-offset-file <file>', "milliseconds by which the sandbox's clock is moved, read every 100 ms")
for (const [name, schema] of Object.entries(knobsSchema.shape)) {
  const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} <value>`
  const usual = JSON.stringify(knobsSchema.parse({})[name as keyof Knobs]) // the names are the schema's own
  serve.addOption(
    new Option(flag, `${schema.description ?? 'see the README'} (default ${usual})`).argParser((text) =>
      readKnob(name, text),
    ),
  )
}
serve.action(async (options: ServeOptions) => {
  const knobs = Object.fromEntries(
    Object.keys(knobsSchema.shape).flatMap((name) => (name in options ? [[name, options[name]]] : [])),
  )
  const sandbox = await startSandbox({ ...options, knobs })
  // What can be called is no part of JSON, so this is the ready line and nothing else.
  process.stdout.write(`${JSON.stringify(sandbox)}\n`)
  stopOnSignal(sandbox)
})

program
  .command('front')
  .description('one endpoint before several sandboxes, as AWS is one for all organizations; prints one line of JSON')
  .requiredOption('--control-url <url>', 'controlUrl of a sandbox behind it; once for each', collectUrls, [])
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--port <port>', 'port of the endpoint; 0 takes a free one', parsePort, 0)
  .action(
    async ({ controlUrl: controlUrls, ...options }: Omit<FrontOptions, 'controlUrls'> & { controlUrl: string[] }) => {
      const front = await startFront({ ...options, controlUrls })
      process.stdout.write(`${JSON.stringify(front)}\n`)
      stopOnSignal(front)
    },
  )

program
  .command('env')
  .description('print the lines that point AWS clients at a running sandbox: eval "$(aws-sandbox env …)"')
  .requiredOption('--control-url <url>', 'controlUrl of the sandbox', parseUrl)
  .option('--endpoint-url <url>', 'endpointUrl of a front before it', parseUrl)
  .option('--admin', "the administrator's access key too; it would get in the way of profiles")
  .option(
    '--models <folder>',
    'write endpoint rules with the Region in the path into this folder, for clients without AWS_ENDPOINT_URL (AWS CLI 2.9)',
  )
  .action(async (options: EnvOptions) => {
    const lines = await formatEnvLines(options)
    process.stdout.write(lines.map((line) => `${line}\n`).join(''))
  })

await program.parseAsync().catch(fail)

function stopOnSignal({ stop }: { readonly stop: () => Promise<void> }) {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      stop().catch(fail)
    })
  }
}

function collectUrls(text: string, before: readonly string[]): readonly string[] {
  return [...before, parseUrl(text)]
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('Give a port from 0 to 65535.')
  return port
}

function parseUrl(text: string): string {
  if (URL.canParse(text) && new URL(text).protocol.startsWith('http')) return text
  throw new InvalidArgumentError('Give an http or https URL.')
}

function parsePace(text: string): 'aws' | 'demo' | number {
  if (text === 'aws' || text === 'demo') return text
  if (/^\d+$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give aws, demo or a number of milliseconds.')
}

function readKnob(name: string, text: string): unknown {
  try {
    return parseKnob(name, text)
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error))
  }
}

function fail(error: unknown) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
