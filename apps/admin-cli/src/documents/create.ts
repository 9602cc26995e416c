import type { GatehouseClient } from '@gatehouse/api'
import { canAsk, command, flag, optionalArgument, printable, usageError } from '@gatehouse/cli-kit'
import { readSource } from './read-source.ts'
import { confirmRemovalsOption, parseRemovals } from './removals.ts'

type Applied = Awaited<ReturnType<GatehouseClient['applyDocuments']>>

export const createCommand = command({
  name: 'create',
  summary: 'Create resources from YAML; with -f also replace those that exist. All are saved, or none.',
  args: { file: optionalArgument('file', 'YAML file, or - for stdin') },
  options: {
    force: flag('replace what exists', 'f'),
    takeOver: flag('also what files own, which they then own no more'),
    dryRun: flag('check and say what would happen, save nothing'),
    confirmRemovals: confirmRemovalsOption,
  },
  async run({ client, args, options, signal }) {
    const { force, takeOver, dryRun, confirmRemovals } = options
    if (args.file === undefined && canAsk())
      throw usageError('Which file?', 'Name a YAML file, or - to type or pipe it.')
    const text = readSource(args.file ?? '-')
    const body = {
      text,
      mode: force ? 'replace' : 'create',
      dryRun,
      takeOver,
      ...parseRemovals(confirmRemovals),
    } as const
    const applied = await client.applyDocuments({ body }, signal)
    return {
      data: applied,
      text: applied.results.map((result) => describeResult(result, applied.dryRun)).join('\n'),
      talk: [...applied.warnings.map(describeWarning), ...describeRemovals(applied)],
    }
  },
})

function describeResult({ kind, name, outcome }: Applied['results'][number], dryRun: boolean): string {
  if (outcome === 'unchanged') return `${kind} "${printable(name)}" is unchanged`
  return `${kind} "${printable(name)}" ${dryRun ? 'would be' : 'has been'} ${outcome}`
}

const describeWarning = ({ line, field, message }: Applied['warnings'][number]): string =>
  `Warning: ${line === undefined ? '' : `line ${line}, `}${field === '' ? '' : `${field}: `}${message}`

function describeRemovals({ removals: { memberships, assignments }, dryRun }: Applied): string[] {
  if (memberships + assignments === 0) return []
  return [
    `${dryRun ? 'It would remove' : 'It removes'} ${memberships} entries of lists and ${assignments} account assignments.`,
  ]
}
