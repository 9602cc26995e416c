import type { OrganizationStatusView } from '@gatehouse/api'
import { useQuery } from '@tanstack/react-query'
import { State } from '../../components/state.tsx'
import { statusQuery } from './organizations-query.ts'

type Health = OrganizationStatusView['health']

const SAYS: Readonly<Record<Health, readonly [state: string, label: string]>> = {
  ok: ['confirmed', 'well'],
  attention: ['waiting', 'needs a look'],
  failing: ['failed', 'failing'],
}

export function Health({ health }: { readonly health: Health }) {
  const [state, label] = SAYS[health]
  return <State state={state} label={label} />
}

/** The same, read for one organization; nothing until it is known. */
export function HealthOf({ organization }: { readonly organization: string }) {
  const { data } = useQuery(statusQuery(organization))
  return data ? <Health health={data.health} /> : null
}
