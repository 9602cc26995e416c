import { canAsk, command, flag, optionalArgument, usageError } from '@gatehouse/cli-kit'
import { describeApplied } from './describe-applied.ts'
import { readSource } from './read-source.ts'
import { confirmRemovalsOption, parseRemovals } from './removals.ts'

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
    return describeApplied(applied)
  },
})
