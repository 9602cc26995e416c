import { z } from 'zod'
import { settingsSchema } from '../config.ts'

/** One leaf of the configuration, with every name it goes by. */
export interface Setting {
  /** `['listen', 'port']` */
  readonly path: readonly string[]
  /** In the file: `listen.port` */
  readonly key: string
  /** `GATEHOUSE_LISTEN__PORT` */
  readonly variable: string
  /** `--listen-port`; secrets have none, because everybody on a machine sees the flags of a process. */
  readonly flag: string | undefined
  /** A variable that other programs use for the same. */
  readonly standardVariable: string | undefined
  readonly isSecret: boolean
  readonly isSwitch: boolean
  readonly description: string
  readonly default: string | undefined
  readonly example: string | undefined
  readonly values: readonly string[] | undefined
}

export const PREFIX = 'GATEHOUSE_'
const STANDARD: Readonly<Record<string, string>> = {
  'listen.port': 'PORT',
  databaseUrl: 'DATABASE_URL',
  'log.level': 'LOG_LEVEL',
}

/** All settings, in the order of the schema. */
export const settings: readonly Setting[] = leavesOf(settingsSchema.shape, [])

function leavesOf(shape: Readonly<Record<string, z.core.$ZodType>>, path: readonly string[]): Setting[] {
  return Object.entries(shape).flatMap(([name, schema]) => {
    const inner = unwrap(schema)
    const here = [...path, name]
    return inner instanceof z.ZodObject ? leavesOf(inner.shape, here) : [settingOf(here, schema)]
  })
}

function settingOf(path: readonly string[], schema: z.core.$ZodType): Setting {
  const meta = z.globalRegistry.get(schema) ?? {}
  const inner = unwrap(schema)
  const key = path.join('.')
  const words = path.map((part) => part.replaceAll(/[A-Z]/g, (letter) => `_${letter}`))
  const isSecret = meta['secret'] === true
  const fallback: unknown = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined
  const shown = meta['shown'] ?? fallback
  return {
    path,
    key,
    variable: PREFIX + words.join('__').toUpperCase(),
    flag: isSecret ? undefined : `--${words.join('-').replaceAll('_', '-').toLowerCase()}`,
    standardVariable: STANDARD[key],
    isSecret,
    isSwitch: fallback === false,
    description: meta.description ?? '',
    default: shown === undefined ? undefined : typeof shown === 'string' ? shown : JSON.stringify(shown),
    example: typeof meta['example'] === 'string' ? meta['example'] : undefined,
    values: inner instanceof z.ZodEnum ? inner.options.map(String) : undefined,
  }
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return unwrap(schema.def.innerType)
  return schema
}
