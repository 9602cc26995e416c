#!/usr/bin/env node
import { writeSync } from 'node:fs'
import { explainStorageProblem, StorageError } from '@gatehouse/adapter-postgres'
import { counted, DomainError, explain } from '@gatehouse/domain'
import { Command, CommanderError, Option } from 'commander'
import { ConfigError, loadConfig } from './config/load-config.ts'
import { printConfig } from './config/print-config.ts'
import { settings } from './config/settings.ts'
import type { Config } from './config.ts'
import { createLog } from './process/log.ts'
import { openDatabase } from './process/open-database.ts'
import { readSecretKey, writeSecretKey } from './process/secret-key.ts'
import { verifyAudit } from './process/verify-audit.ts'
import { VERSION } from './process/version.ts'

/** Exit codes: 0 done, 1 failure, 2 wrong usage or configuration. */
const FAILURE = 1
const USAGE = 2
const DEFAULT_KEY_FILE = settings.find(({ key }) => key === 'secretKeyFile')?.default ?? 'gatehouse.key'

const program = new Command('gatehouse')
  .description('Identity governance for AWS IAM Identity Center: the server.')
  .exitOverride()
  .showHelpAfterError('(add --help for what there is)')

withSettings(program.command('serve'))
  .description('Run the server until SIGTERM.')
  .action(async (_, command: Command) => {
    const config = configOf(command)
    const key = readSecretKey(config.secretKeyFile)
    // The database opens in a thread of its own, while most of the program is loaded here.
    const [database, { runServer }] = await Promise.all([openDatabase(config), import('./process/run-server.ts')])
    await runServer(config, { version: VERSION, log: createLog(config.log), database, key })
  })

const keys = program.command('keys').description('The key that encrypts secrets in the database.')
keys
  .command('init')
  .description('Make a new secret key, mode 0600. One that is there is never touched.')
  .option('--file <path>', 'where to', process.env['GATEHOUSE_SECRET_KEY_FILE'] ?? DEFAULT_KEY_FILE)
  .action(({ file }: { file: string }) => {
    writeSecretKey(file)
    talk(`Wrote ${file}. Keep a copy apart from the database: without it, secrets in there can't be read.\n`)
  })

const config = program.command('config').description('The configuration as the server would use it.')
withSettings(config.command('check'))
  .description('Check flags, variables and file, and say nothing when they are right.')
  .action((_, command: Command) => {
    configOf(command)
  })
withSettings(config.command('print'))
  .description('Print every setting as YAML.')
  .option('--redacted', 'secrets as [secret]; they are never printed otherwise')
  .action((_, command: Command) => print(printConfig(configOf(command))))

program
  .command('version')
  .description('Print the version.')
  .addOption(new Option('-o, --format <format>', 'text or json').choices(['text', 'json']).default('text'))
  .action(({ format }: { format: 'text' | 'json' }) => {
    const version = { version: VERSION, node: process.version }
    print(format === 'json' ? `${JSON.stringify(version)}\n` : `gatehouse ${VERSION} (Node ${process.version})\n`)
  })

withSettings(program.command('audit').description('The audit log.').command('verify'))
  .description('Walk the chain of hashes of the whole audit log. With the embedded database, stop the server first.')
  .action(async (_, command: Command) => {
    const result = await verifyAudit(configOf(command))
    if (result.firstBroken === undefined) return print(`${counted(result.events, 'event')}, the chain is intact.\n`)
    talk(`The chain is broken at event ${result.firstBroken}: it or one before was changed or removed.\n`)
    process.exitCode = FAILURE
  })

function withSettings(command: Command): Command {
  command.option('--config <file>', 'YAML file with settings')
  for (const setting of settings) {
    if (setting.flag === undefined) continue
    const values = setting.values ? ` (${setting.values.join(', ')})` : ''
    command.option(setting.isSwitch ? setting.flag : `${setting.flag} <value>`, setting.description + values)
  }
  return command
}

function configOf(command: Command): Config {
  const given = command.opts<Record<string, string | boolean | undefined>>()
  const byFlag = command.options.map((option) => [option.long, given[option.attributeName()]] as const)
  const { config: configFile } = given
  return loadConfig({
    flags: Object.fromEntries(byFlag.filter(([flag]) => flag !== undefined)),
    environment: process.env,
    ...(typeof configFile === 'string' ? { configFile } : {}),
  })
}

// Written at once: what a program prints last must not be lost when it ends.
function print(text: string): void {
  writeSync(1, text)
}
function talk(text: string): void {
  writeSync(2, text)
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE
  if (error instanceof ConfigError) {
    talk(`The configuration can't be used:\n${error.wrongs.map((wrong) => `  ${wrong}\n`).join('')}`)
    return USAGE
  }
  const problem =
    error instanceof DomainError
      ? explain(error.problem)
      : error instanceof StorageError
        ? explainStorageProblem(error.problem)
        : undefined
  if (problem) talk(`${problem.message}\n${problem.remedy}\n`)
  else talk(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return FAILURE
}

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}
