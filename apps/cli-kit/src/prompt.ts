import { Interrupted } from './exit-codes.ts'
import { charactersOf } from './table.ts'

/** Whether there is a person who could answer. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY

/** Asks on stderr, so that stdout stays data. Only where `canAsk`. */
export const ask = (question: string): Promise<string> => readAnswer(question, true)
/** The same without showing what is typed. */
export const askSecret = (question: string): Promise<string> => readAnswer(question, false)

function readAnswer(question: string, isShown: boolean): Promise<string> {
  const { stdin, stderr } = process
  stderr.write(question)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  stdin.resume()
  return new Promise((resolve, reject) => {
    let answer = ''
    const finish = (settle: () => void): void => {
      stdin.off('data', read)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
      settle()
    }
    const read = (typed: string): void => {
      for (const key of typed) {
        if (key === '\r' || key === '\n') return finish(() => resolve(answer))
        if (key === '\u0003' || key === '\u0004') return finish(() => reject(new Interrupted()))
        if (key === '\u007f' || key === '\b') {
          if (isShown && answer !== '') stderr.write('\b \b')
          answer = charactersOf(answer).slice(0, -1).join('')
        } else if (key >= ' ') {
          answer += key
          if (isShown) stderr.write(key)
        }
      }
    }
    stdin.on('data', read)
  })
}
