import { ApiProblem } from '@gatehouse/api'
import { queryOptions } from '@tanstack/react-query'
import { client, isSignedOut } from '../../app/client.ts'

export interface Finding {
  readonly kind: 'error' | 'warning'
  readonly line: number | undefined
  readonly message: string
  readonly remedy: string
  /** What the server refused, for the field that it is about. */
  readonly error?: ApiProblem
}

/** What the server says of the text, without saving it: mistakes and warnings, at their lines. */
export const checkQuery = (text: string) =>
  queryOptions({
    queryKey: ['check-documents', text],
    queryFn: async ({ signal }): Promise<readonly Finding[]> => {
      try {
        const { warnings } = await client.applyDocuments({ body: { text, mode: 'replace', dryRun: true } }, signal)
        return warnings.map(({ field, line, message }) => ({
          kind: 'warning',
          line,
          message: `${field}: ${message}.`,
          remedy: '',
        }))
      } catch (error) {
        if (!(error instanceof ApiProblem) || isSignedOut(error)) throw error
        // "line 7, spec.allow: …" says the line twice.
        const message = error.message.replace(/^line \d+, /, '')
        return [{ kind: 'error', line: error.details.line, message, remedy: error.remedy, error }]
      }
    },
    placeholderData: (before) => before,
  })
