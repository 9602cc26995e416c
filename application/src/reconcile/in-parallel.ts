/** Calls of one kind that wait for each other's answers at once; the gate decides how fast they go out. */
const CONCURRENCY = 8

/** Runs a few at a time; the first failure fails all, after which no new one is begun. */
export async function inParallel<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index]
      if (item !== undefined) results[index] = await run(item)
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, worker))
  } catch (error) {
    next = items.length
    throw error
  }
  return results
}
