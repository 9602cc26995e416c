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
  const shown = names.flatMap((name, index) => {
    const status = statuses[index]
    return status && (status.data === undefined || status.isError || status.data.totals.drift > 0)
      ? [{ name, status }]
      : []
  })
  if (shown.length === 0)
    return (
      <Empty>
        Nothing was changed in AWS that waits for a decision. What drift policy takes back or follows by itself is in
        the audit log; the policy is among the settings of each organization.
      </Empty>
    )
  // What can't be read of one hides nothing of the others.
  return shown.map(({ name, status }) => (
    <Section key={name} title={name}>
      <Loaded query={status}>{(read) => <Drift status={read} />}</Loaded>
    </Section>
  ))
}
