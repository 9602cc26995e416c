import type { Draw } from '../world/draw.ts'
import type { World } from '../world/world.ts'
import { createPlanter } from './plant.ts'

export interface GeneratedSize {
  /** The management account is one of them. */
  readonly accounts: number
  readonly permissionSets: number
  readonly users: number
  readonly groups: number
  /** Of groups; users get none. */
  readonly assignments: number
  readonly seed: string
}

const ACCOUNTS_PER_UNIT = 25
const MOST_GROUPS_PER_USER = 3

/** An organization of any size. Users are in up to three groups each; assignments are spread evenly over everything. */
export function seedGenerated(world: World, draw: Draw, size: GeneratedSize) {
  const planter = createPlanter(world, draw)
  const accounts = [world.home().managementAccountId]
  let unit = world.home().rootId
  for (let index = 1; index < size.accounts; index += 1) {
    if (index % ACCOUNTS_PER_UNIT === 1)
      unit = planter.organizationalUnit(`Unit ${Math.ceil(index / ACCOUNTS_PER_UNIT)}`)
    accounts.push(planter.account({ name: `account-${number(index)}`, parentId: unit }))
  }
  const permissionSets = range(size.permissionSets).map((index) =>
    planter.permissionSet({
      name: `Set${number(index)}`,
      description: `Generated permission set ${index}`,
      managedPolicies: [{ name: 'ReadOnlyAccess', arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
    }),
  )
  const groups = range(size.groups).map((index) => planter.group(`group-${number(index)}`, `Generated group ${index}`))
  for (const index of range(size.users)) {
    const userName = `user-${number(index)}@acme.example`
    const userId = planter.user({ givenName: 'User', familyName: number(index), userName })
    const joined = new Set(range(draw.integer(1, MOST_GROUPS_PER_USER)).map(() => draw.integer(0, groups.length - 1)))
    for (const groupIndex of joined) {
      const groupId = groups[groupIndex]
      if (groupId !== undefined) planter.member(groupId, userId)
    }
  }
  for (const triple of spread(accounts.length * permissionSets.length * groups.length, size.assignments)) {
    const account = accounts[triple % accounts.length]
    const permissionSet = permissionSets[Math.floor(triple / accounts.length) % permissionSets.length]
    const group = groups[Math.floor(triple / (accounts.length * permissionSets.length))]
    if (account !== undefined && permissionSet !== undefined && group !== undefined) {
      planter.assignment(account, permissionSet, 'GROUP', group)
    }
  }
}

/** `count` of the numbers below `total`, evenly apart and all different. */
function spread(total: number, count: number): readonly number[] {
  return range(count).map((index) => Math.floor((index * total) / count))
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index)
const number = (index: number) => String(index).padStart(4, '0')
