import { readFileSync } from 'node:fs'
import { suggest } from '@gatehouse/domain'
import { parse as parseYaml } from 'yaml'
import type { z } from 'zod'
import { checkTogether, type Config, configSchema, settingsSchema } from '../config.ts'
import { PREFIX, type Setting, settings } from './settings.ts'

export interface Sources {
  /** By flag, such as `--listen-port`. */
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly configFile?: string
}

/** Everything that is wrong with the configuration, each line with the name that the operator used. */
export class ConfigError extends Error {
  readonly wrongs: readonly string[]
  constructor(wrongs: readonly string[]) {
    super(wrongs.join('\n'))
    this.name = 'ConfigError'
    this.wrongs = wrongs
  }
}

/** Names the file, where it is not given by flag. */
export const CONFIG_VARIABLE = `${PREFIX}CONFIG`

/** Reads all sources; a flag wins over a variable, a variable over the file. @throws ConfigError naming every wrong one. */
export function loadConfig(sources: Sources): Config {
  const gathered: Gathered = { values: {}, names: new Map(), wrongs: [] }
  const file = sources.configFile ?? sources.environment[CONFIG_VARIABLE]
  if (file !== undefined) gatherFile(gathered, file)
  gatherEnvironment(gathered, sources.environment)
  for (const setting of settings) {
    const value = setting.flag === undefined ? undefined : sources.flags[setting.flag]
    if (value !== undefined) set(gathered, setting, value, setting.flag ?? '')
  }
  const parsed = configSchema.safeParse(gathered.values)
  const issues = parsed.error?.issues ?? []
  const together = parsed.success ? [] : checkReadable(gathered.values)
  const wrongs = [...gathered.wrongs, ...[...issues, ...together].flatMap((issue) => describe(issue, gathered, file))]
  if (!parsed.success || wrongs.length > 0) throw new ConfigError([...new Set(wrongs)])
  return parsed.data
}

/** What does not fit together is told along with what can't be read at all, so that one try shows everything. */
function checkReadable(values: Readonly<Record<string, unknown>>): readonly Wrong[] {
  const { publicAddress, listen, development, clockOffsetFile, trustedProxies } = settingsSchema.shape
  const read = <T>(schema: z.ZodType<T>, value: unknown) => {
    const parsed = schema.safeParse(value)
    return parsed.success ? { value: parsed.data } : undefined
  }
  const address = read(publicAddress, values['publicAddress'])
  const port = read(listen, values['listen'])
  const wrongs = checkTogether({
    ...(address ? { publicAddress: address.value } : {}),
    // Where the address can't be read, it is not known to come from the port.
    ...(address && port ? { listen: port.value } : {}),
    development: read(development, values['development'])?.value ?? false,
    clockOffsetFile: read(clockOffsetFile, values['clockOffsetFile'])?.value,
    trustedProxies: read(trustedProxies, values['trustedProxies'])?.value ?? [],
  })
  return wrongs
    .filter(({ path: [key] }) => key !== 'publicAddress' || address !== undefined)
    .map(({ path, message }) => ({ code: 'custom', path: [...path], message, input: undefined }))
}

type Wrong = z.core.$ZodIssue

interface Gathered {
  values: Record<string, unknown>
  /** For each key, what the operator called it. */
  readonly names: Map<string, string>
  readonly wrongs: string[]
}

function gatherFile(gathered: Gathered, file: string): void {
  try {
    const content: unknown = parseYaml(readFileSync(file, 'utf8'))
    if (content === null || content === undefined) return
    if (typeof content !== 'object' || Array.isArray(content)) throw new Error('it is not a map of settings')
    gathered.values = structuredClone(content) as Record<string, unknown>
  } catch (error) {
    gathered.wrongs.push(`${file} can't be read: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown'}.`)
  }
}

function gatherEnvironment(gathered: Gathered, environment: Sources['environment']): void {
  const known = new Set([CONFIG_VARIABLE, ...settings.flatMap(({ variable }) => [variable, `${variable}_FILE`])])
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(PREFIX) || known.has(name)) continue
    gathered.wrongs.push(`${name} is not a known variable${didYouMean(suggest(name, known))}.`)
  }
  for (const setting of settings) {
    const { variable, standardVariable } = setting
    const fileVariable = `${variable}_FILE`
    // One setting's own name may end like another's file variant; then it is the setting.
    const path = settings.some((other) => other.variable === fileVariable) ? undefined : environment[fileVariable]
    const value = environment[variable]
    if (value !== undefined && path !== undefined) gathered.wrongs.push(`Set ${variable} or ${fileVariable}, not both.`)
    if (value !== undefined) set(gathered, setting, value, variable)
    else if (path !== undefined) setFromFile(gathered, setting, path)
    else if (standardVariable !== undefined && environment[standardVariable] !== undefined)
      set(gathered, setting, environment[standardVariable], standardVariable)
  }
}

function setFromFile(gathered: Gathered, setting: Setting, path: string): void {
  const name = `${setting.variable}_FILE`
  try {
    set(gathered, setting, readFileSync(path, 'utf8').trim(), name)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
    gathered.wrongs.push(`${name}: ${path} can't be read${code}.`)
  }
}

function set(gathered: Gathered, setting: Setting, value: unknown, name: string): void {
  const [last = '', ...above] = setting.path.toReversed()
  let place = gathered.values
  for (const part of above.toReversed()) {
    const inner = place[part]
    if (typeof inner === 'object' && inner !== null) place = inner as Record<string, unknown>
    else place = (place[part] = {}) as Record<string, unknown>
  }
  place[last] = value
  gathered.names.set(setting.key, name)
}

function describe(issue: z.core.$ZodIssue, gathered: Gathered, file: string | undefined): string[] {
  const path = issue.path.map(String)
  const key = path.join('.')
  const inFile = file === undefined ? '' : `${file}: `
  if (issue.code === 'unrecognized_keys') {
    const known = settings.flatMap(({ path: parts, key: whole }) => [whole, ...parts.slice(0, 1)])
    return issue.keys.map((unknown) => {
      const full = [...path, unknown].join('.')
      return `${inFile}${full} is not a known setting${didYouMean(suggest(full, known))}.`
    })
  }
  const setting = settings.find((candidate) => key === candidate.key || key.startsWith(`${candidate.key}.`))
  const name =
    gathered.names.get(setting?.key ?? key) ?? (has(gathered.values, path) ? `${inFile}${key}` : nameOf(setting, key))
  return [`${name} must be ${expectation(issue)}.`]
}

const has = (values: Readonly<Record<string, unknown>>, path: readonly string[]): boolean =>
  path.reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], values) !== undefined

const nameOf = (setting: Setting | undefined, key: string): string =>
  setting ? [setting.flag, setting.variable].filter((name) => name !== undefined).join(' or ') : key

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'string' ? 'text' : `a value of type ${issue.expected}`
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`
    case 'too_small':
      return issue.origin === 'string' ? 'set to something' : `at least ${String(issue.minimum)}`
    case 'too_big':
      return issue.origin === 'string'
        ? `at most ${String(issue.maximum)} characters`
        : `at most ${String(issue.maximum)}`
    case 'invalid_union':
    case 'custom':
      return issue.message
    case 'invalid_format':
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
      return 'another value'
  }
}

const didYouMean = (suggestion: string | undefined): string =>
  suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`
