import { stringify } from 'yaml'
export const FORMATS = ['text', 'json', 'yaml'] as const
export type Format = (typeof FORMATS)[number]

/** What a command gives back: `main` prints it. */
export interface Output {
  /** For people, on stdout; without a line end. Empty prints nothing. */
  readonly text: string
  /** Goes to stdout byte for byte instead of `text`: a file's content, in whatever encoding. */
  readonly bytes?: Uint8Array
  /** For programs: what json and yaml show. */
  readonly data: unknown
  /** YAML that is more than one document. */
  readonly yaml?: string
  /** Said on stderr, whatever the format. */
  readonly talk?: readonly string[]
  /** One of `EXIT`, or what a command that was run for somebody ended with. */
  readonly exitCode?: number
}

/** The words for stdout, which end with a line end unless there are none. */
export function render(output: Output, format: Format): string | Uint8Array {
  switch (format) {
    case 'text':
      return output.bytes ?? endLine(output.text)
    case 'json':
      return endLine(JSON.stringify(output.data, null, 2))
    case 'yaml':
      return endLine(output.yaml ?? formatYaml(output.data))
  }
}

export const formatYaml = (data: unknown): string => stringify(data, { lineWidth: 0 })

/** One YAML stream of several documents, as `tctl create` reads them. */
export const formatYamlDocuments = (documents: readonly unknown[]): string => documents.map(formatYaml).join('---\n')

const endLine = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)
