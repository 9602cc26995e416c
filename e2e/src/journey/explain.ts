import { explanationSchema, type ExplanationView } from '@gatehouse/api'
import { check } from './steps.ts'
import { ADMIN, type World } from './world.ts'

/** Where somebody has access: an account and a permission set, by their names. */
export interface Place {
  readonly account: string
  readonly set: string
}

/** What `tctl why` says to the administrator about somebody's access there, after it was checked that it names the way. */
export async function explained(world: World, user: string, { account, set }: Place, way: string): Promise<string> {
  const { out } = await world.person(ADMIN).tctl(['why', user, account, set])
  check(out.includes(way), `tctl why ${user} "${account}" ${set} does not say "${way}": ${out.trim()}`)
  return out
}

/** The same as data, of somebody who has no access there, or whose access is withheld. */
export async function notExplained(world: World, user: string, { account, set }: Place): Promise<ExplanationView> {
  const explanation = await world.person(ADMIN).tctlJson(explanationSchema, ['why', user, account, set])
  check(explanation.paths.length === 0, `tctl why knows a way: ${JSON.stringify(explanation.paths)}`)
  return explanation
}
