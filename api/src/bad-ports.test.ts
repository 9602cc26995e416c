import { expect, it } from 'vitest'
import { isBadPort } from './bad-ports.ts'

/** Above the last one that any of them has. */
const MOST = 12_000

/** Whether `fetch` refuses the port by itself; what it would have sent goes nowhere. */
async function doesFetchRefuse(port: number): Promise<boolean> {
  const stop = new AbortController()
  const options = { dispatcher: { dispatch: () => false }, signal: stop.signal }
  const answer = fetch(`http://127.0.0.1:${port}`, options)
  setImmediate(() => stop.abort())
  return answer.then(
    () => false,
    (error: unknown) => error instanceof Error && error.cause instanceof Error && error.cause.message === 'bad port',
  )
}

it('names the ports that fetch refuses, and no other', async () => {
  const ports = Array.from({ length: MOST }, (_, index) => index + 1)
  const refused = await Promise.all(ports.map(doesFetchRefuse))
  expect(ports.filter(isBadPort)).toEqual(ports.filter((_, index) => refused[index]))
})
