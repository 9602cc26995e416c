import { IdentityCenterError } from '@gatehouse/application'

/** A list so long is a server that never ends it: AWS has at most 100,000 users in pages of 100. */
const MOST_PAGES = 10_000
/** A token may be long (Organizations API Reference, "NextToken"), but not without end. */
const LONGEST_TOKEN = 100_000

/**
 * Reads a list to its end. Empty pages that carry a token are normal; a token seen before would go round for ever and
 * fails the list, as does a page that fails.
 * @throws IdentityCenterError `unavailable`
 */
export async function readPages<Row>(
  operation: string,
  readPage: (token: string | undefined) => Promise<{ rows: readonly Row[]; next: unknown }>,
): Promise<readonly Row[]> {
  const rows: Row[] = []
  const seen = new Set<string>()
  let token: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await readPage(token)
    for (const row of answer.rows) rows.push(row)
    if (answer.next === undefined || answer.next === null || answer.next === '') return rows
    if (typeof answer.next !== 'string' || answer.next.length > LONGEST_TOKEN)
      throw new IdentityCenterError('unavailable', operation, `${operation}: the page's token can't be read`)
    if (seen.has(answer.next))
      throw new IdentityCenterError('unavailable', operation, `${operation}: the server repeats a page token`)
    seen.add(answer.next)
    token = answer.next
  }
  throw new IdentityCenterError('unavailable', operation, `${operation}: the list does not end`)
}
