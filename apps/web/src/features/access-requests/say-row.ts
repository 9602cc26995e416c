import type { AccessRequestDetailView } from '@gatehouse/api'
import { sayName } from '../../components/say-name.ts'

type Resources = AccessRequestDetailView['resources']

/** `AdministratorAccess on prod (111111111111)`, also of what is written as `111111111111--administratoraccess`. */
export function sayRowName(name: string, resources: Resources): string {
  const fitting = resources.filter(({ id }) => id.endsWith(`/${name}`))
  const [resource] = fitting
  // Two names may be written alike; then only what is written tells them apart from others.
  if (resource === undefined || fitting.length > 1) return sayName(name)
  return sayAssignment(resource)
}

export const sayAssignment = ({
  permissionSet,
  accountName,
  account,
}: {
  readonly permissionSet: string
  readonly accountName: string
  readonly account: string
}): string => `${sayName(permissionSet)} on ${sayName(accountName)} (${account})`

/** A row of a request, by what people call it. */
export function sayRow(
  { id, name }: Pick<AccessRequestDetailView['rows'][number], 'id' | 'name'>,
  { assignments, resources }: Pick<AccessRequestDetailView, 'assignments' | 'resources'>,
): string {
  const assignment = assignments.find(({ account, permissionSetArn }) => id === `${account}|${permissionSetArn}`)
  return assignment ? sayAssignment(assignment) : sayRowName(name, resources)
}

export const sayRows = (count: number): string => (count === 1 ? '1 row' : `${count} rows`)
