/**
 * Runs work that must end when the caller gives up or time has run out, even if the work itself does not notice: an
 * answer whose body never ends would hold an operation for ever.
 */
export async function withDeadline<T>(
  signal: AbortSignal,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const controller = new AbortController()
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const stop = (reason: unknown): void => {
    controller.abort(reason)
    reject(reason)
  }
  const giveUp = (): void => stop(signal.reason)
  const timer = setTimeout(() => stop(new Error(`no answer within ${milliseconds / 1_000} s`)), milliseconds)
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([work(controller.signal), stopped])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', giveUp)
  }
}
