/** Tells people, on stderr, what happens and how long each step took. */
export interface Progress {
  step<T>(name: string, work: () => Promise<T>, result?: (value: T) => string): Promise<T>
  say(line: string): void
}

export function createProgress(): Progress {
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  return {
    say,
    async step(name, work, result) {
      const startedAt = performance.now()
      const value = await work()
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)
      const more = result?.(value) ?? ''
      say(`${seconds} s  ${name}${more === '' ? '' : `: ${more}`}`)
      return value
    },
  }
}
