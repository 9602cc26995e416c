import type { GatehouseClient } from './contract.ts'
import type { ExplanationView } from './explain.ts'
import { LARGEST_PAGE } from './fields.ts'
import type { OrganizationStatusView, PlanView } from './organization-status.ts'
import { ApiProblem } from './problem.ts'

const ATTEMPTS = 3

interface PlanQuery {
  readonly name: string
  /** Reads AWS first instead of using what the last sweep saw. */
  readonly refresh?: boolean
  /** Only assignments on accounts whose name or id contains this. */
  readonly account?: string | undefined
}

/** A plan with all of its pages. It is read from the beginning again when another took its place half-way. */
export async function readWholePlan(
  client: Pick<GatehouseClient, 'getPlan'>,
  { name, refresh = false, account }: PlanQuery,
  signal?: AbortSignal,
): Promise<PlanView> {
  const read = (query: { readonly cursor?: string; readonly refresh?: boolean }) =>
    client.getPlan({ params: { name }, query: { limit: LARGEST_PAGE, account, ...query } }, signal)
  for (let attempt = 1; ; attempt++) {
    try {
      // AWS is read once, whatever has to be done again.
      const first = await read({ refresh: refresh && attempt === 1 })
      const { whole, pages } = await pagesFrom(first, (cursor) => read({ cursor }))
      return {
        ...whole,
        operations: pages.flatMap(({ operations }) => operations),
        held: pages.flatMap(({ held }) => held),
        notes: pages.flatMap(({ notes }) => notes),
      }
    } catch (error) {
      const isOther = error instanceof ApiProblem && error.code === 'plan-changed'
      if (!isOther || attempt >= ATTEMPTS) throw error
    }
  }
}

/** How an organization is, with all that it lists. */
export async function readWholeStatus(
  client: Pick<GatehouseClient, 'getOrganizationStatus'>,
  name: string,
  signal?: AbortSignal,
): Promise<OrganizationStatusView> {
  const read = (cursor?: string) =>
    client.getOrganizationStatus({ params: { name }, query: { limit: LARGEST_PAGE, cursor } }, signal)
  const { whole, pages } = await pagesFrom(await read(), read)
  return {
    ...whole,
    inFlight: pages.flatMap(({ inFlight }) => inFlight),
    held: pages.flatMap(({ held }) => held),
    drift: pages.flatMap(({ drift }) => drift),
    findings: pages.flatMap(({ findings }) => findings),
    notes: pages.flatMap(({ notes }) => notes),
  }
}

/** Every way on which somebody has access. */
export async function readWholeExplanation(
  client: Pick<GatehouseClient, 'explainAccess'>,
  query: { readonly user: string; readonly account?: string | undefined; readonly permissionSet?: string | undefined },
  signal?: AbortSignal,
): Promise<ExplanationView> {
  const read = (cursor?: string) => client.explainAccess({ query: { ...query, limit: LARGEST_PAGE, cursor } }, signal)
  const { whole, pages } = await pagesFrom(await read(), read)
  return {
    ...whole,
    paths: pages.flatMap(({ paths }) => paths),
    withheld: pages.flatMap(({ withheld }) => withheld),
    undecided: pages.flatMap(({ undecided }) => undecided),
  }
}

/** All pages of an answer whose lists are paged side by side, and what it says besides them, as on the first. */
async function pagesFrom<Page extends { readonly next?: string | undefined }>(
  first: Page,
  read: (cursor: string) => Promise<Page>,
): Promise<{ readonly whole: Omit<Page, 'next'>; readonly pages: readonly Page[] }> {
  const { next, ...whole } = first
  const pages = [first]
  let cursor = next
  while (cursor !== undefined) {
    // Each page says where the next one starts.
    const page = await read(cursor)
    pages.push(page)
    cursor = page.next
  }
  return { whole, pages }
}
