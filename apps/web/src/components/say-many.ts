import { formatCount } from './format-count.ts'

/** `1 person`, `2,000 people`; without the second word, the first with an `s`. */
export const sayMany = (count: number, one: string, several = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : several}`
