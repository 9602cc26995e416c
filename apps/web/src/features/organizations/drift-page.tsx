import { useQueries, useQuery } from '@tanstack/react-query'
import { Loaded } from '../../components/loaded.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { Section } from '../../components/section.tsx'
import { Drift } from './drift.tsx'
import { organizationsQuery, statusQuery } from './organizations-query.ts'

/** What was changed in AWS beside Gatehouse, in all organizations. */
export function DriftPage() {
  const query = useQuery(organizationsQuery)
  return (
    <Page title="Drift">
      <Loaded query={query}>{({ items }) => <OfOrganizations names={items.map(({ name }) => name)} />}</Loaded>
    </Page>
  )
}

function OfOrganizations({ names }: { readonly names: readonly string[] }) {
  const statuses = useQueries({ queries: names.map(statusQuery) })
  const failed = statuses.find(({ isError }) => isError)
  const waiting = statuses.find(({ isPending }) => isPending)
  const read = failed ?? waiting
  if (read) return <Loaded query={read}>{() => null}</Loaded>
  const found = statuses.flatMap(({ data }) => (data && data.totals.drift > 0 ? [data] : []))
  if (found.length === 0)
    return (
      <Empty>
        Nothing was changed in AWS that waits for a decision. What drift policy takes back or follows by itself is in
        the audit log; the policy is among the settings of each organization.
      </Empty>
    )
  return found.map(({ organization, drift, totals }) => (
    <Section key={organization} title={organization}>
      <Drift organization={organization} drift={drift} total={totals.drift} />
    </Section>
  ))
}
