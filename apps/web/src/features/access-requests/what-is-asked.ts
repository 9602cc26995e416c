import type { AccessRequestView } from '@gatehouse/api'
import { sayName } from '../../components/say-name.ts'

const NAMED = 3

/** `ReadOnlyAccess on prod and 4 more` */
export function whatIsAsked({ resources, applications, roles }: AccessRequestView): string {
  const things = [
    ...resources.map(({ permissionSet, accountName }) => `${sayName(permissionSet)} on ${sayName(accountName)}`),
    ...applications.map((name) => sayName(name)),
  ]
  const names = things.length > 0 ? things : roles.map((name) => sayName(name))
  const more = names.length - NAMED
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
