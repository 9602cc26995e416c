import { computeDesiredState, type DesiredState, type Instant, type OrganizationView } from '@gatehouse/domain'

const known = new WeakMap<OrganizationView, { readonly at: Instant; readonly desired: DesiredState }>()

/** For whoever is asked every second: worked out anew only when records, catalogue or time have changed it. */
export function desiredStateOf(view: OrganizationView, now: Instant): DesiredState {
  const last = known.get(view)
  const until = last?.desired.nextChangeAt
  if (last && now >= last.at && (until === undefined || now < until)) return last.desired
  const desired = computeDesiredState(view, now)
  known.set(view, { at: now, desired })
  return desired
}
