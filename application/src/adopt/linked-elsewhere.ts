import type { LinkedElsewhere, OrganizationId } from '@gatehouse/domain'
import type { Records } from '../ports/store.ts'

export function linkedElsewhere(
  { organizations, groupLinks }: Pick<Records, 'organizations' | 'groupLinks'>,
  id: OrganizationId,
): LinkedElsewhere {
  if (organizations.every((organization) => organization.id === id)) return undefined
  return new Set(groupLinks.flatMap(({ organization, list }) => (organization === id ? [] : [list])))
}
