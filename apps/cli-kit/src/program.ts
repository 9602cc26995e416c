import { Command, InvalidArgumentError, Option } from 'commander'
import { type Duration, parseDuration } from '@gatehouse/domain'
import { choice, type Group, type Leaf, type OptionSpec } from './command.ts'
import { longFlag } from './name-flag.ts'
import { FORMATS, type Format } from './output.ts'

export interface Chosen {
  readonly leaf: Leaf
  readonly args: readonly (string | readonly string[] | undefined)[]
  readonly typed: (name: string) => readonly string[]
  readonly format: Format
  readonly proxy: string | undefined
  readonly timeout: Duration | undefined
}

/** The parser of a whole program; calls `choose` with the command that was typed. */
export function buildProgram(root: Group, choose: (chosen: Chosen) => Promise<void>): Command {
  const program = new Command(root.name)
    .description(root.summary)
    .exitOverride()
    // The name alone: each command's own help has its arguments.
    .configureHelp({ subcommandTerm: (command) => [command.name(), ...command.aliases()].join('|') })
    .enablePositionalOptions()
    .showHelpAfterError('(add --help for what there is)')
    .option('--proxy <url>', 'the server; default: the current sign-in')
  for (const child of root.commands) addChild(program, child, choose)
  return program
}

function addChild(parent: Command, child: Leaf | Group, choose: (chosen: Chosen) => Promise<void>): void {
  const command = parent.command(child.name).description(child.summary)
  for (const alias of child.aliases ?? []) command.alias(alias)
  if ('commands' in child) {
    // Understood wherever it stands, and shown where it usually does.
    command.addOption(new Option('--proxy <url>').hideHelp())
    for (const grandchild of child.commands) addChild(command, grandchild, choose)
    return
  }
  for (const { form, help } of child.args) command.argument(form, help)
  for (const [name, spec] of Object.entries(child.options)) command.addOption(optionOf(name, spec))
  command.action(async () => choose(readChosen(child, command)))
  if (child.passesThrough) command.passThroughOptions().allowUnknownOption()
  else
    command
      .option('--proxy <url>', 'the server; default: the current sign-in')
      .option('--timeout <duration>', 'give up on the server after (default: 60s)')
      .addOption(optionOf('format', formatOption(child.format)))
  for (const grandchild of child.subcommands) addChild(command, grandchild, choose)
}

const formatOption = (fallback: Format): OptionSpec<Format> => ({
  ...choice(FORMATS, 'how to print', fallback),
  short: 'o',
})

function optionOf(name: string, { short, value, help, choices, isHidden }: OptionSpec<unknown>): Option {
  const flags = `${short === undefined ? '' : `-${short}, `}${longFlag(name)}${value === undefined ? '' : ` ${value}`}`
  return new Option(flags, help).hideHelp(isHidden ?? false).argParser((typed: string, before: unknown) => {
    if (choices && !choices.includes(typed)) throw new InvalidArgumentError(`Enter one of ${choices.join(', ')}.`)
    return [...(Array.isArray(before) ? (before as unknown[]) : []), typed]
  })
}

function readChosen(leaf: Leaf, command: Command): Chosen {
  const given = command.opts<Record<string, unknown>>()
  const above = command.parent ? command.optsWithGlobals<Record<string, unknown>>() : {}
  const proxy = given['proxy'] ?? above['proxy']
  const { timeout } = given
  return {
    leaf,
    // Commander gives what the forms of the arguments say: text, lists of text, or nothing.
    args: command.processedArgs as readonly (string | readonly string[] | undefined)[],
    typed: (name) => textsOf(given[name]),
    format: FORMATS.find((format) => format === textsOf(given['format']).at(-1)) ?? leaf.format,
    proxy: typeof proxy === 'string' ? proxy : undefined,
    timeout: typeof timeout === 'string' ? parseDuration(timeout) : undefined,
  }
}

function textsOf(value: unknown): readonly string[] {
  if (value === true) return ['']
  return Array.isArray(value) ? value.map(String) : []
}
