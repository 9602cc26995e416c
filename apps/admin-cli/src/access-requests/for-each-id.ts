import { EXIT, explainError, type Output } from '@gatehouse/cli-kit'

interface Done {
  readonly line: string
  readonly data: object
}

/** Does the same for each; what fails is told, and does not stop the rest. Ends with "partly done" if some of it worked. */
export async function forEachId(ids: readonly string[], work: (id: string) => Promise<Done>): Promise<Output> {
  const done: Done[] = []
  const failed: { readonly id: string; readonly message: string }[] = []
  for (const id of ids) {
    try {
      done.push(await work(id))
    } catch (error) {
      const explained = explainError(error)
      // One alone fails as it is; so does whatever would fail the same way each time.
      if (!explained || ids.length === 1 || STOPS_ALL.includes(explained.exitCode)) throw error
      failed.push({ id, message: `${id}: ${explained.message} ${explained.remedy}` })
    }
  }
  const data = [...done.map(({ data: fields }) => fields), ...failed.map(({ id, message }) => ({ id, error: message }))]
  return {
    data,
    text: done.map(({ line }) => line).join('\n'),
    talk: failed.map(({ message }) => message),
    exitCode: failed.length === 0 ? EXIT.done : done.length === 0 ? EXIT.failure : EXIT.partlyDone,
  }
}

const STOPS_ALL: readonly number[] = [EXIT.notSignedIn, EXIT.timeOut, EXIT.interrupted]
