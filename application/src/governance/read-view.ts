import {
  DomainError,
  type Instant,
  type Organization,
  type OrganizationId,
  type OrganizationView,
  type View,
} from '@gatehouse/domain'
import type { Records } from '../ports/store.ts'
import type { ReadPorts } from './governance-ports.ts'

/** Records and catalogues at one instant, as rules want them. */
export interface Reading {
  readonly view: View
  readonly records: Records
  /** As each enrolled organization sees it, in the order in which they were enrolled; none before the first. */
  readonly enrolled: readonly OrganizationView[]
  readonly now: Instant
}

export async function readView(ports: Pick<ReadPorts, 'records' | 'clock'>, signal: AbortSignal): Promise<Reading> {
  const { view, records } = await ports.records.readView(signal)
  const enrolled = records.organizations.length === 0 ? [] : view.byOrganization
  return { view, records, enrolled, now: ports.clock.now() }
}

/** What an organization sees, by its id or its name. @throws DomainError `not-found` */
export function viewOfOrganization(
  { enrolled }: Pick<Reading, 'enrolled'>,
  wanted: { readonly id: OrganizationId } | { readonly name: Organization['name'] },
): OrganizationView {
  const found = enrolled.find(({ organization }) =>
    'id' in wanted ? organization.id === wanted.id : organization.name === wanted.name,
  )
  if (found) return found
  throw new DomainError({ code: 'not-found', kind: 'organization', name: 'id' in wanted ? wanted.id : wanted.name })
}
