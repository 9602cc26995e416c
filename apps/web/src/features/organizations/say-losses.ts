import type { AdoptedAssignmentView } from '@gatehouse/api'
import { sayName } from '../../components/say-name.ts'

/** `ana@acme.example loses ReadOnlyAccess on 3 accounts`, for each person and permission set. */
export function sayLosses(rows: readonly AdoptedAssignmentView[]): readonly string[] {
  const lost = rows.filter(({ effect }) => effect === 'goes')
  const some = Map.groupBy(lost, ({ user, permissionSet }) => JSON.stringify([user, permissionSet]))
  return [...some.values()].map((same) => {
    const [one] = same
    const where = same.length === 1 ? sayName(one?.accountName ?? '') : `${same.length} accounts`
    return `${sayName(one?.user ?? '')} loses ${sayName(one?.permissionSetName ?? '')} on ${where}`
  })
}
