import { ApiProblem, type GatehouseClient } from '@gatehouse/api'
import {
  CliError,
  command,
  EXIT,
  flag,
  formatYamlDocuments,
  printable,
  repeated,
  textOr,
  unifiedDiff,
  usageError,
} from '@gatehouse/cli-kit'
import { counted } from '@gatehouse/domain'
import { readSources } from './read-folder.ts'
import { confirmRemovalsOption, parseRemovals } from './removals.ts'

type Applied = Awaited<ReturnType<GatehouseClient['applyDocuments']>>
type Result = Applied['results'][number]

const from = { ...repeated('<path>', 'a file, or a folder with all .yaml and .json files in it'), short: 'f' }
const set = textOr('<name>', 'name of this set of files, which owns what it writes', 'default')
const prune = flag('also remove what the set owned and has no more')

export const applyCommand = command({
  name: 'apply',
  summary: 'Bring resources in line with files: all, or nothing.',
  options: {
    from,
    set,
    prune,
    dryRun: flag('say what would happen, save nothing'),
    confirmRemovals: confirmRemovalsOption,
  },
  async run({ client, options, signal }) {
    const { confirmRemovals, ...how } = options
    const applied = await applyFiles(client, { ...how, ...parseRemovals(confirmRemovals) }, signal)
    return {
      data: { ...applied, results: applied.results.map(({ kind, name, outcome }) => ({ kind, name, outcome })) },
      text: [...applied.results.flatMap(lineOf), summaryOf(applied)].join('\n'),
      talk: applied.said,
    }
  },
})

export const diffCommand = command({
  name: 'diff',
  summary: 'Show how files differ from what there is; ends with 10 when they do.',
  options: { from, set, prune },
  async run({ client, options, signal }) {
    const applied = await applyFiles(client, { ...options, dryRun: true }, signal)
    const changed = applied.results.filter(({ outcome }) => outcome !== 'unchanged')
    return {
      data: { ...applied, results: changed },
      text: changed.length === 0 ? 'Nothing differs.' : changed.map(diffOf).join(''),
      talk: applied.said,
      exitCode: changed.length === 0 ? EXIT.done : EXIT.differences,
    }
  },
})

interface HowToApply {
  readonly from: readonly string[]
  readonly set: string
  readonly prune: boolean
  readonly dryRun: boolean
  readonly confirmRemovals?: number
}

/** What is wrong is said with the file that it is in. */
async function applyFiles(
  client: GatehouseClient,
  { from: paths, set: managedBy, ...how }: HowToApply,
  signal: AbortSignal,
): Promise<Applied & { readonly said: readonly string[] }> {
  if (paths.length === 0) throw usageError('It is not said which files.', 'Give a file or a folder with -f.')
  const sources = readSources(paths)
  const locate = (message: string): string => sources.locate(message)
  try {
    const applied = await client.applyDocuments(
      { body: { text: sources.text, mode: 'replace', managedBy, ...how } },
      signal,
    )
    const warnings = applied.warnings.map(
      ({ line, field, message }) =>
        `Warning: ${locate(line === undefined ? '' : `line ${line}, `)}${field === '' ? '' : `${field}: `}${message}`,
    )
    return { ...applied, said: warnings }
  } catch (error) {
    if (!(error instanceof ApiProblem) || locate(error.message) === error.message) throw error
    throw new CliError(locate(error.message), { remedy: error.remedy, exitCode: EXIT.failure, cause: error })
  }
}

const SIGNS: Readonly<Record<Result['outcome'], string>> = { created: '+', replaced: '~', removed: '-', unchanged: '' }

const lineOf = ({ kind, name, outcome }: Result): string[] =>
  outcome === 'unchanged' ? [] : [`${SIGNS[outcome]} ${kind} "${printable(name)}"`]

function summaryOf({ results, removals, dryRun }: Applied): string {
  const count = (outcome: Result['outcome']): number => results.filter((result) => result.outcome === outcome).length
  const counts = `${count('created')} created, ${count('replaced')} changed, ${count('removed')} removed, ${count('unchanged')} unchanged.`
  const lost = removals.memberships + removals.assignments
  const taken = `People ${dryRun ? 'would ' : ''}lose ${counted(removals.memberships, 'entry', 'entries')} of lists and ${counted(removals.assignments, 'account assignment')}.`
  return [`${dryRun ? 'Would be: ' : ''}${counts}`, ...(lost === 0 ? [] : [taken])].join('\n')
}

function diffOf({ kind, name, before, after }: Result): string {
  const written = (document: Result['before']): string => (document ? formatYamlDocuments([document]) : '')
  const path = `${kind}/${printable(name)}`
  return unifiedDiff(written(before), written(after), {
    from: before ? path : '/dev/null',
    to: after ? path : '/dev/null',
  })
}
