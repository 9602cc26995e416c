import type { GatehouseClient } from '@gatehouse/api'
import { type Duration, parseDuration } from '@gatehouse/domain'
import type { ConnectOptions } from './connect.ts'
import { usageError } from './exit-codes.ts'
import { nameFlag } from './name-flag.ts'
import type { Format, Output } from './output.ts'
import type { SessionStore } from './session-store.ts'

/** One flag: how help shows it, and what a command receives for it. */
export interface OptionSpec<T> {
  readonly help: string
  /** Absent for a switch. */
  readonly value?: string
  readonly short?: string
  /** Understood, and not shown: kept for those who are used to it. */
  readonly isHidden?: true
  readonly choices?: readonly string[]
  /** Reads every occurrence, in order. */
  readonly read: (typed: readonly string[]) => T
}

export const flag = (help: string, short?: string): OptionSpec<boolean> => ({
  help,
  ...(short === undefined ? {} : { short }),
  read: (typed) => typed.length > 0,
})
export const text = (value: string, help: string): OptionSpec<string | undefined> => ({
  help,
  value,
  read: (typed) => typed.at(-1),
})
export const textOr = (value: string, help: string, fallback: string): OptionSpec<string> => ({
  help: fallback === '' ? help : `${help} (default: ${fallback})`,
  value,
  read: (typed) => typed.at(-1) ?? fallback,
})
/** May be repeated; nothing in it divides. */
export const repeated = (value: string, help: string): OptionSpec<readonly string[]> => ({
  help: `${help} (repeatable)`,
  value,
  read: (typed) => typed,
})
/** Divided by commas, and may be repeated. */
export const names = (value: string, help: string): OptionSpec<readonly string[]> => ({
  help,
  value,
  read: (typed) => typed.flatMap(splitNames),
})
export const choice = <const T extends string>(choices: readonly T[], help: string, fallback: T): OptionSpec<T> => ({
  help: `${help} (default: ${fallback})`,
  value: `<${choices.join('|')}>`,
  choices,
  read: (typed) => choices.find((candidate) => candidate === typed.at(-1)) ?? fallback,
})
export const duration = (value: string, help: string): OptionSpec<Duration | undefined> => ({
  help,
  value,
  read: (typed) => {
    const last = typed.at(-1)
    return last === undefined ? undefined : parseDuration(last)
  },
})

export const splitNames = (typed: string): string[] =>
  typed
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')

/** What is typed after a command's name, in order. */
export interface ArgumentSpec<T> {
  /** `<name>`, `[name]` or `<name...>`. */
  readonly form: string
  readonly help: string
  readonly read: (typed: string | readonly string[] | undefined) => T
}
export const argument = (form: string, help: string): ArgumentSpec<string> => ({
  form: `<${form}>`,
  help,
  read: (typed) => String(typed),
})
export const optionalArgument = (form: string, help: string): ArgumentSpec<string | undefined> => ({
  form: `[${form}]`,
  help,
  read: (typed) => (typed === undefined ? undefined : String(typed)),
})
/** At least one; divided by blanks or commas. */
export const severalArguments = (form: string, help: string): ArgumentSpec<readonly string[]> => ({
  form: `<${form}...>`,
  help,
  read: (typed) => {
    const names = [typed ?? []].flat().flatMap(splitNames)
    if (names.length === 0) throw usageError(`Which ${form}?`, 'Name one at least.')
    return names
  },
})
/** At least one, as they were typed. */
export const everyArgument = (form: string, help: string): ArgumentSpec<readonly string[]> => ({
  form: `<${form}...>`,
  help,
  read: (typed) => [typed ?? []].flat(),
})
/** Any number of them, divided by blanks or commas. */
export const anyArguments = (form: string, help: string): ArgumentSpec<readonly string[]> => ({
  form: `[${form}...]`,
  help,
  read: (typed) => [typed ?? []].flat().flatMap(splitNames),
})
/** Any number of them, as they were typed. */
export const remainingArguments = (form: string, help: string): ArgumentSpec<readonly string[]> => ({
  form: `[${form}...]`,
  help,
  read: (typed) => [typed ?? []].flat(),
})

type Read<Specs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends { read: (typed: never) => infer T } ? T : never
}
type Options = Readonly<Record<string, OptionSpec<unknown>>>
type Arguments = Readonly<Record<string, ArgumentSpec<unknown>>>

/** What every command may use. */
export interface Context {
  /** Signed in. Its first call throws CliError `not signed in`, so that wrong usage is told before that. */
  readonly client: GatehouseClient
  /** The server that `client` calls. @throws CliError `not signed in` */
  readonly serverUrl: () => string
  readonly connection: ConnectOptions
  readonly sessions: SessionStore
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

interface Definition<O extends Options, A extends Arguments> {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly args?: A
  readonly options?: O
  /** Commands below this one, which is itself one. */
  readonly subcommands?: readonly Leaf[]
  /** Its arguments are another program's: what looks like a flag among them is not read, and `--format` is not ours. */
  readonly passesThrough?: true
  /** What `--format` is when it is not given. */
  readonly format?: Format
  /** Flags of the fields of a request that are not called like their options. */
  readonly fields?: (options: Read<O>) => Readonly<Record<string, string>>
  readonly run: (context: Context & { readonly args: Read<A>; readonly options: Read<O> }) => Promise<Output>
}

/** A command after its types have done their work. */
export interface Leaf {
  readonly name: string
  readonly aliases: readonly string[]
  readonly summary: string
  readonly args: readonly ArgumentSpec<unknown>[]
  readonly options: Options
  readonly subcommands: readonly Leaf[]
  readonly passesThrough: boolean
  readonly format: Format
  readonly run: (
    context: Context,
    args: readonly (string | readonly string[] | undefined)[],
    typed: (name: string) => readonly string[],
  ) => Promise<Output>
}
export interface Group {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly commands: readonly (Leaf | Group)[]
}

const NO_SPECS = {}

export function command<O extends Options = typeof NO_SPECS, A extends Arguments = typeof NO_SPECS>(
  definition: Definition<O, A>,
): Leaf {
  const { name, aliases = [], summary, args, options, format = 'text' } = definition
  const { subcommands = [], passesThrough = false } = definition
  const argumentEntries = Object.entries<ArgumentSpec<unknown>>(args ?? {})
  const optionEntries = Object.entries<OptionSpec<unknown>>(options ?? {})
  return {
    name,
    aliases,
    summary,
    args: argumentEntries.map(([, spec]) => spec),
    options: options ?? {},
    subcommands,
    passesThrough,
    format,
    run: async (context, given, typed) => {
      // Each value is what the spec of that name reads, which is what `Read` says.
      const read = {
        args: Object.fromEntries(argumentEntries.map(([key, spec], index) => [key, spec.read(given[index])])),
        options: Object.fromEntries(optionEntries.map(([key, spec]) => [key, spec.read(typed(key))])),
      } as { readonly args: Read<A>; readonly options: Read<O> }
      try {
        return await definition.run({ ...context, ...read })
      } catch (error) {
        const names = optionEntries.map(([key]) => key)
        throw nameFlag(error, { options: names, fields: definition.fields?.(read.options) ?? {} })
      }
    },
  }
}
