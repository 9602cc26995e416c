import { SimpleGrid } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Loaded } from '../../components/loaded.tsx'
import { CallsChart } from './calls-chart.tsx'
import { InFlightChart } from './in-flight-chart.tsx'
import { LatencyChart } from './latency-chart.tsx'
import { metricsQuery } from './organizations-query.ts'

/** What the last hour took of AWS's quotas, and how long AWS took. */
export function Usage({ organization }: { readonly organization: string }) {
  const query = useQuery(metricsQuery(organization))
  return (
    <Loaded query={query}>
      {(metrics) => (
        <>
          <CallsChart metrics={metrics} />
          <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl" verticalSpacing="lg">
            <LatencyChart metrics={metrics} />
            <InFlightChart metrics={metrics} />
          </SimpleGrid>
        </>
      )}
    </Loaded>
  )
}
