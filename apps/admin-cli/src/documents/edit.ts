import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ApiProblem, type DocumentKind, READ_ONLY_KINDS } from '@gatehouse/api'
import {
  argument,
  CliError,
  command,
  EXIT,
  explainError,
  formatYamlDocuments,
  printable,
  runForeground,
  usageError,
} from '@gatehouse/cli-kit'
import { describeApplied } from './describe-applied.ts'
import { parseReference } from './kinds.ts'
import { readSource } from './read-source.ts'
import { confirmRemovalsOption, parseRemovals } from './removals.ts'

export const editCommand = command({
  name: 'edit',
  summary: 'Change a resource in an editor, which saves it.',
  args: { reference: argument('kind/name', 'such as role/access or access_list/<id>') },
  options: { confirmRemovals: confirmRemovalsOption },
  async run({ client, args, options, environment, signal }) {
    const { kind, name } = parseReference(args.reference)
    if (name === undefined)
      throw usageError(`Which ${kind}?`, `Name one, such as "tctl edit ${kind}/NAME"; "tctl get ${kind}" lists them.`)
    refuseUneditable(kind)
    const removals = parseRemovals(options.confirmRemovals)
    const shown = formatYamlDocuments([await client.getDocument({ params: { kind, name } }, signal)])
    const draft = createDraft(kind, shown)
    const applied = await keeping(draft, async () => {
      await runEditor(draft.path, environment)
      const text = readSource(draft.path)
      if (text === shown || text.trim() === '') return undefined
      return client.applyDocuments({ body: { text, mode: 'update', ...removals } }, signal)
    })
    discard(draft)
    if (applied) return describeApplied(applied)
    return {
      data: { kind, name, outcome: 'unchanged' },
      text: `${kind} "${printable(name)}" stays as it is: nothing was changed, or nothing was left.`,
    }
  },
})

function refuseUneditable(kind: DocumentKind): void {
  if (kind === 'plugin')
    throw usageError('A plugin is not edited as a document.', 'Change its settings with "tctl plugins edit awsic".')
  if (kind === 'access_request')
    throw usageError('An access request is not edited.', 'Decide it with "tctl requests approve" or "deny".')
  if (READ_ONLY_KINDS.some((one) => one === kind))
    throw usageError(`Nothing of kind ${kind} is changed by hand.`, 'Nothing was changed.')
}

interface Draft {
  readonly path: string
  /** What it held at first. */
  readonly shown: string
}

/** In a folder that only this person may enter; the name tells the editor what language it is. */
function createDraft(kind: DocumentKind, shown: string): Draft {
  const path = join(mkdtempSync(join(tmpdir(), 'tctl-edit-')), `${kind}.yaml`)
  writeFileSync(path, shown, { mode: 0o600 })
  return { path, shown }
}

const discard = ({ path }: Draft): void => rmSync(dirname(path), { recursive: true, force: true })

/** As git and others do it: a shell reads the setting, so that it may hold flags and quoted paths. */
async function runEditor(draft: string, environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const { VISUAL, EDITOR } = environment
  const editor = [VISUAL, EDITOR].find((one) => one !== undefined && one.trim() !== '') ?? 'vi'
  const code = await runForeground('/bin/sh', ['-c', `${editor} "$1"`, editor, draft], { environment, isTalk: true })
  if (code === 0) return
  throw new CliError(`The editor (${printable(editor)}) ended with ${code}, and nothing was saved.`, {
    remedy: 'Set VISUAL or EDITOR to the editor you want.',
    exitCode: EXIT.failure,
  })
}

/** Whatever goes wrong, what was typed is not lost. */
async function keeping<T>(draft: Draft, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isUntouched(draft)) discard(draft)
    const explained = explainError(error)
    if (!explained || isUntouched(draft)) throw error
    const again = error instanceof ApiProblem && error.code === 'stale' ? 'update -f' : 'update'
    throw new CliError(explained.message, {
      remedy: `${explained.remedy}\nYour text is in ${draft.path}; "tctl ${again} ${draft.path}" saves it.`.trimStart(),
      exitCode: explained.exitCode,
      cause: error,
    })
  }
}

function isUntouched({ path, shown }: Draft): boolean {
  try {
    return readFileSync(path, 'utf8') === shown
  } catch {
    return true // it is gone, and the folder with it may go
  }
}
