import { EXIT, flag, type Paint, printable } from '@gatehouse/cli-kit'
import type { Change } from './assemble.ts'
import type { ConfigChange } from './change-config.ts'
import { unifiedDiff } from '@gatehouse/cli-kit'

/** The ways to see what would happen; with any of them nothing is written. */
export const PREVIEW_OPTIONS = {
  dryRun: flag('print the file as it would be, write nothing'),
  diff: flag('print the difference, write nothing'),
  check: flag('write nothing; end with 10 if the file would change'),
} as const

export interface PreviewChoice {
  readonly dryRun: boolean
  readonly diff: boolean
  readonly check: boolean
}

export const isPreview = ({ dryRun, diff, check }: PreviewChoice): boolean => dryRun || diff || check

/** Data on stdout: the difference, the file, or the sections in question; how much it is, on stderr. */
export function previewOf(change: ConfigChange, choice: PreviewChoice, paint: Paint) {
  const { path, before, after, update } = change
  const { changes } = update
  const differs = !before.equals(after)
  const diff = unifiedDiff(before.toString('latin1'), after.toString('latin1'), { from: path, to: path })
  const bytes = choice.diff ? Buffer.from(painted(diff, paint), 'latin1') : after
  const data = {
    ...changeData(change),
    ...(choice.diff ? { diff: fromLatin1(diff) } : {}),
    ...(choice.dryRun ? { content: after.toString('utf8') } : {}),
  }
  return {
    data,
    text: changes.map((one) => paint[one.kind](changeLine(one))).join('\n'),
    ...(choice.diff || choice.dryRun ? { bytes } : {}),
    talk: [...leftAloneLines(change), countLine(changes)],
    exitCode: choice.check && differs ? EXIT.differences : EXIT.done,
  }
}

/** What JSON and YAML show of any change of the file. */
export function changeData({ path, before, after, isWritten, update }: ConfigChange) {
  return {
    path,
    differs: !before.equals(after),
    written: isWritten,
    counts: countsOf(update.changes),
    changes: update.changes,
    leftAlone: update.leftAlone,
  }
}

export const leftAloneLines = ({ update: { leftAlone } }: ConfigChange): string[] =>
  leftAlone.length === 0
    ? []
    : [
        `Left as they are, because they belong to another organization: ${leftAlone.map((name) => `[${name}]`).join(', ')}`,
      ]

export function countLine(changes: readonly Change[]): string {
  const { added, changed, removed } = countsOf(changes)
  return `${added} added, ${changed} changed, ${removed} removed.`
}

const countsOf = (changes: readonly Change[]) => ({
  added: changes.filter(({ kind }) => kind === 'added').length,
  changed: changes.filter(({ kind }) => kind === 'changed').length,
  removed: changes.filter(({ kind }) => kind === 'removed').length,
})

const SIGNS = { added: '+', changed: '~', removed: '-' } as const
const changeLine = ({ kind, section }: Change): string => `${SIGNS[kind]} [${printable(section)}]`

const painted = (diff: string, paint: Paint): string =>
  diff.replaceAll(/^[+-](?![+-]{2} ).*$/gm, (line) => (line.startsWith('+') ? paint.added(line) : paint.removed(line)))

const fromLatin1 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8')
