import { text, usageError } from '@gatehouse/cli-kit'

/** `--confirm-removals N`: whoever removes much says how much. */
export const confirmRemovalsOption = text('<n>', 'how many removals you have read and mean')

export function parseRemovals(typed: string | undefined): { readonly confirmRemovals?: number } {
  if (typed === undefined) return {}
  if (!/^\d{1,6}$/.test(typed))
    throw usageError(`--confirm-removals: "${typed}" is not a number.`, 'Enter the number that the refusal named.')
  return { confirmRemovals: Number(typed) }
}
