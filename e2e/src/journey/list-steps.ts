import { accountId, grantsIn, systemRole, untilGroup, untilMember, untilNoGroup, untilNoMember } from './aws.ts'
import { apply, changeList, listDocument, listTitled } from './documents.ts'
import { check, type Step } from './steps.ts'
import { ADMIN, ENGINEER, NEWCOMER, OWNER, type World } from './world.ts'

/** Lists that were groups of AWS. */
const WITH_MEMBERS = 'payments-engineers'
const WITH_GRANTS = 'search-engineers'
const NESTING = 'web-engineers'
/** Lists that are made here. */
const NESTED = 'contractors'
const NEW = 'night-shift'

const members: Step = {
  id: 'members',
  title: 'a new owner adds somebody to an imported list, who is in the AWS group then, and takes her out again',
  shows: ['GD-37', 'GD-38', 'GD-40'],
  needs: ['role'],
  async run(world) {
    await changeList(world.person(ADMIN), WITH_MEMBERS, () => ({ owners: [{ name: OWNER }] }))
    const { metadata } = await listTitled(world.person(ADMIN), WITH_MEMBERS)
    const owner = world.person(OWNER)
    await owner.tctl(['acl', 'users', 'add', metadata.name, NEWCOMER])
    await untilMember(world, WITH_MEMBERS, NEWCOMER)
    await owner.tctl(['acl', 'users', 'rm', metadata.name, NEWCOMER])
    await untilNoMember(world, WITH_MEMBERS, NEWCOMER)
    const refused = await world.person(ENGINEER).attempt('tctl', ['acl', 'users', 'add', metadata.name, ENGINEER])
    check(refused.code !== 0, 'somebody who owns nothing changed a list')
    return `${WITH_MEMBERS}, by ${OWNER}`
  },
}

const grants: Step = {
  id: 'grants',
  title: 'a role added to a list is an assignment of its AWS group; removed, it goes',
  shows: ['GD-33', 'GD-41'],
  needs: ['start'],
  async run(world) {
    const admin = world.person(ADMIN)
    const role = await systemRole(world, 'SupportUser', 'Search Prod')
    const grant = `SupportUser@${await accountId(world, 'Search Prod')}`
    const before = grantsIn((await world.sandbox.control.group(WITH_GRANTS)).assignments)
    await changeGrants(world, WITH_GRANTS, (roles) => [...roles, role])
    await untilGrants(world, WITH_GRANTS, [...before, grant])
    await changeGrants(world, WITH_GRANTS, (roles) => roles.filter((name) => name !== role))
    await untilGrants(world, WITH_GRANTS, before)
    check((await listTitled(admin, WITH_GRANTS)).spec.grants?.roles?.length === before.length, 'the list grants more')
    return `${role} to ${WITH_GRANTS}`
  },
}

const nested: Step = {
  id: 'nested',
  title: 'a list in a list is flattened into one AWS group, which follows the inner list',
  shows: ['GD-51'],
  needs: ['role'],
  async run(world) {
    const admin = world.person(ADMIN)
    await apply(admin, [listDocument(NESTED, { owner: OWNER, members: [NEWCOMER], roles: [] })])
    const { metadata } = await listTitled(admin, NESTING)
    await admin.tctl(['acl', 'users', 'add', metadata.name, NESTED, '--kind', 'list'])
    await untilMember(world, NESTING, NEWCOMER)
    const owner = world.person(OWNER)
    await owner.tctl(['acl', 'users', 'add', NESTED, ENGINEER])
    await untilMember(world, NESTING, ENGINEER)
    await owner.tctl(['acl', 'users', 'rm', NESTED, NEWCOMER])
    await untilNoMember(world, NESTING, NEWCOMER)
    await admin.tctl(['acl', 'users', 'rm', metadata.name, NESTED])
    await untilNoMember(world, NESTING, ENGINEER)
    const { groups } = await world.sandbox.control.world()
    check(!groups.some(({ displayName }) => displayName === NESTED), 'a list that grants nothing became a group')
    return `${NESTED} in ${NESTING}`
  },
}

const ownList: Step = {
  id: 'own-list',
  title: 'a list made by hand with a system role is a new AWS group; without its last such role the group goes',
  shows: ['GD-33', 'GD-50'],
  needs: ['role'],
  async run(world) {
    const admin = world.person(ADMIN)
    const role = await systemRole(world, 'ViewOnlyAccess', 'Playground')
    const document = { owner: OWNER, members: [ENGINEER, NEWCOMER] }
    await apply(admin, [listDocument(NEW, { ...document, roles: [role] })])
    await untilGrants(world, NEW, [`ViewOnlyAccess@${await accountId(world, 'Playground')}`])
    for (const user of document.members) await untilMember(world, NEW, user)
    await apply(admin, [listDocument(NEW, { ...document, roles: [] })])
    await untilNoGroup(world, NEW)
    const { members: people } = (await listTitled(admin, NEW)).spec
    check(people === undefined || people.length === 2, 'the list lost its members with the group')
    return `${NEW} with ${role}`
  },
}

async function changeGrants(
  world: World,
  title: string,
  change: (roles: readonly string[]) => string[],
): Promise<void> {
  await changeList(world.person(ADMIN), title, ({ grants: before }) => ({
    grants: { ...before, roles: change(before?.roles ?? []) },
  }))
}

const untilGrants = (world: World, group: string, wanted: readonly string[]): Promise<true> =>
  untilGroup(
    world,
    group,
    `hold exactly [${wanted.join(', ')}]`,
    ({ assignments }) => grantsIn(assignments).join() === wanted.toSorted().join(),
  )

export const listSteps: readonly Step[] = [members, grants, nested]
export const ownListStep: Step = ownList
