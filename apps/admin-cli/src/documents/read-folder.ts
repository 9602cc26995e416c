import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CliError, EXIT } from '@gatehouse/cli-kit'
import { readSource } from './read-source.ts'

/** Documents of several files as one text, and which line of it is whose. */
export interface Sources {
  readonly text: string
  /** `line 7` of the text as `roles/admin.yaml, line 3`; what names no line stays as it is. */
  locate(message: string): string
}

const DOCUMENTS = /\.(?:ya?ml|json)$/i

/** Files, and folders with all that is in them, in the order of their names. @throws CliError when there is nothing */
export function readSources(paths: readonly string[]): Sources {
  const files = paths.flatMap(filesIn)
  if (files.length === 0)
    throw new CliError(`There is no .yaml, .yml or .json file in ${paths.join(', ')}.`, {
      remedy: 'Name a folder that has some; an empty one would mean that everything is to go.',
      exitCode: EXIT.notFound,
    })
  const starts: { readonly file: string; readonly line: number }[] = []
  let text = ''
  for (const file of files) {
    text += text === '' ? '' : '\n---\n'
    starts.push({ file, line: text.split('\n').length })
    text += readSource(file)
      .replace(/^\ufeff/, '')
      .trimEnd()
  }
  const locate = (message: string): string =>
    message.replace(/\bline (\d+)/, (said, digits: string) => {
      const start = starts.findLast(({ line }) => line <= Number(digits))
      return start ? `${start.file}, line ${Number(digits) - start.line + 1}` : said
    })
  return { text, locate }
}

function filesIn(path: string): readonly string[] {
  if (path === '-' || !existsSync(path) || !statSync(path).isDirectory()) return [path]
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && DOCUMENTS.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !file
          .slice(path.length)
          .split('/')
          .some((part) => part.startsWith('.')),
    )
    .toSorted()
}
