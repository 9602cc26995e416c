import type { AccessRequestView } from '@gatehouse/api'

const NAMED = 3

/** `ReadOnlyAccess on prod and 4 more` */
export function whatIsAsked({ resources, applications, roles }: AccessRequestView): string {
  const things = [
    ...resources.map(({ permissionSet, accountName }) => `${permissionSet} on ${accountName}`),
    ...applications,
  ]
  const names = things.length > 0 ? things : roles
  const more = names.length - NAMED
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
