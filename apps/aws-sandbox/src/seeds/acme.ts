import type { Draw } from '../world/draw.ts'
import type { World } from '../world/world.ts'
import { ACCOUNTS, DIRECT_ASSIGNMENTS, GROUPS, PEOPLE, PERMISSION_SETS, UNITS } from './acme-content.ts'
import { createPlanter, type Planter } from './plant.ts'

/** The organization of the demo and of most tests. */
export function seedAcme(world: World, draw: Draw) {
  const planter = createPlanter(world, draw)
  const accounts = plantAccounts(planter)
  accounts.set('Management', world.home().managementAccountId)
  const permissionSets = new Map(PERMISSION_SETS.map((described) => [described.name, planter.permissionSet(described)]))
  const users = plantPeople(planter)
  for (const group of GROUPS) {
    const groupId = planter.group(group.name, group.description)
    for (const userName of group.members) planter.member(groupId, get(users, userName))
    for (const [permissionSet, accountNames] of group.grants) {
      for (const name of accountNames) {
        planter.assignment(get(accounts, name), get(permissionSets, permissionSet), 'GROUP', groupId)
      }
    }
  }
  for (const [userName, permissionSet, account] of DIRECT_ASSIGNMENTS) {
    planter.assignment(get(accounts, account), get(permissionSets, permissionSet), 'USER', get(users, userName))
  }
}

function plantAccounts(planter: Planter): Map<string, string> {
  const units = new Map<string, string>()
  for (const { name, parent } of UNITS) {
    units.set(name, planter.organizationalUnit(name, parent === undefined ? undefined : get(units, parent)))
  }
  return new Map(
    ACCOUNTS.map(({ name, unit, environment, team }) => {
      const tags = { environment, team }
      return [name, planter.account({ name, parentId: get(units, unit), tags })]
    }),
  )
}

function plantPeople(planter: Planter): Map<string, string> {
  return new Map(
    PEOPLE.map(([givenName, familyName, title]) => {
      const short = givenName.toLowerCase()
      return [short, planter.user({ givenName, familyName, title, userName: `${short}@acme.example` })]
    }),
  )
}

function get(map: ReadonlyMap<string, string>, name: string): string {
  const found = map.get(name)
  if (found === undefined) throw new Error(`The seed names "${name}", which it does not define.`)
  return found
}
