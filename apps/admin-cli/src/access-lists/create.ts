import {
  argument,
  choice,
  command,
  flag,
  formatYamlDocuments,
  names,
  text,
  textOr,
  usageError,
} from '@gatehouse/cli-kit'
import { describeApplied } from '../documents/describe-applied.ts'
import { idOf, listDocuments, PRESETS } from './list-documents.ts'

export const createCommand = command({
  name: 'create',
  summary: 'Create a list and the roles it takes; with --dry-run, print the YAML of it.',
  args: { title: argument('title', 'what people call it') },
  options: {
    preset: choice(PRESETS, 'members have the roles, or may ask for them', 'long-term'),
    roles: names('<names>', 'which roles, with commas between'),
    owners: names('<names>', 'who looks after it; yourself if left out'),
    members: names('<names>', 'who is in it from the beginning'),
    name: text('<id>', 'its id; made of the title if left out'),
    description: textOr('<text>', 'what it is for', ''),
    frequency: text('<1|3|6|12>', 'reviewed every so many months'),
    dayOfMonth: text('<1|15|last>', 'reviewed by this day'),
    maxDuration: text('<duration>', 'short-term: how long access lasts at most'),
    dryRun: flag('check it, print YAML for "tctl apply", save nothing'),
  },
  async run({ client, args: { title }, options, signal }) {
    const { name, roles, members, owners, dryRun, preset, maxDuration, frequency, dayOfMonth, description } = options
    if (roles.length === 0) throw usageError('Which roles?', 'Name one at least, with --roles.')
    if (maxDuration !== undefined && preset !== 'short-term')
      throw usageError('--max-duration is of what is asked for.', 'Use it with --preset short-term.')
    const id = name ?? idOf(title)
    if (id === '') throw usageError('An id can not be made of that title.', 'Give one with --name.')
    const documents = listDocuments({
      id,
      title,
      description,
      preset,
      roles,
      owners: owners.length > 0 ? owners : [(await client.getMe({}, signal)).user.name],
      ...(members.length > 0 ? { members } : {}),
      ...(frequency === undefined ? {} : { frequency }),
      ...(dayOfMonth === undefined ? {} : { dayOfMonth }),
      ...(maxDuration === undefined ? {} : { maxDuration }),
    })
    const yaml = formatYamlDocuments(documents)
    const applied = await client.applyDocuments({ body: { text: yaml, mode: 'create', dryRun } }, signal)
    const described = describeApplied(applied)
    return { ...described, data: documents, yaml, text: dryRun ? yaml : described.text }
  },
})
