import { canAsk, command, flag, optionalArgument, usageError } from '@gatehouse/cli-kit'
import { describeApplied } from './describe-applied.ts'
import { readSource } from './read-source.ts'
import { confirmRemovalsOption, parseRemovals } from './removals.ts'

export const updateCommand = command({
  name: 'update',
  summary: 'Update resources that are still as they were read.',
  args: { file: optionalArgument('file', 'YAML file, or - for stdin; metadata.revision says what was read') },
  options: {
    force: flag('whatever the revision; also create what does not exist', 'f'),
    dryRun: flag('check and say what would happen, save nothing'),
    confirmRemovals: confirmRemovalsOption,
  },
  async run({ client, args, options: { force, dryRun, confirmRemovals }, signal }) {
    if (args.file === undefined && canAsk())
      throw usageError('Which file?', 'Name a YAML file, or - to type or pipe it.')
    const text = readSource(args.file ?? '-')
    const mode = force ? 'replace' : 'update'
    return describeApplied(
      await client.applyDocuments({ body: { text, mode, dryRun, ...parseRemovals(confirmRemovals) } }, signal),
    )
  },
})
