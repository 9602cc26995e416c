import type { Args, GatehouseClient, GatehouseContract, RemovalReportView } from '@gatehouse/api'
import { PAGE } from '@gatehouse/cli-kit'

type Said = NonNullable<Args<GatehouseContract['previewRemoval']>['body']>

/** The report with its lists whole, however many pages they are. */
export async function readRemoval(
  client: GatehouseClient,
  { name, said }: { readonly name: string; readonly said: Said },
  signal: AbortSignal,
): Promise<RemovalReportView> {
  const read = (cursor?: string): Promise<RemovalReportView> =>
    client.previewRemoval(
      { params: { name }, query: { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) }, body: said },
      signal,
    )
  const { next: second, ...whole } = await read()
  for (let next = second; next !== undefined;) {
    const page = await read(next)
    whole.lists.push(...page.lists)
    whole.dangling.push(...page.dangling)
    whole.withEnd.push(...page.withEnd)
    whole.leaving.push(...page.leaving)
    whole.made.push(...page.made)
    whole.stays.push(...page.stays)
    next = page.next
  }
  return whole
}
