import { organizationSchema, organizationStatusSchema, planSchema } from '@gatehouse/api'
import { setupSteps } from '@gatehouse/adapter-aws'
import { z } from 'zod'
import { setUpAws } from '../harness/set-up-aws.ts'
import { difference, everything, until, writes } from './aws.ts'
import { everyList } from './documents.ts'
import { check, type Step } from './steps.ts'
import { ADMIN, ENGINEER, OWNER, REVIEWER, VETERAN, type World } from './world.ts'

const ORGANIZATION = 'aws-identity-center'
const ROLE = 'GatehouseIdentityCenter'
const INTEGRATION = 'aws-oidc'
const ADOPTED_WITHIN_MS = 60_000

const linkSchema = z.object({ link: z.object({ url: z.string() }) })
const scriptSchema = z.object({ script: z.string(), audience: z.string() })
const membersSchema = z.array(z.object({ kind: z.string(), name: z.string(), title: z.string().optional() }))

/** Roles of those who are there from the start. */
export const ROLES_OF: Readonly<Record<string, readonly string[]>> = {
  [ENGINEER]: ['access', 'requester'],
  [OWNER]: ['access'],
  [REVIEWER]: ['access', 'reviewer'],
  [VETERAN]: ['access'],
}

const signIn: Step = {
  id: 'sign-in',
  title: 'the administrator sets a password by the one-time link of the first start and signs in with tsh',
  async run(world) {
    const link = world.server().bootstrapLink()
    if (link === undefined) throw new Error('The first start printed no link for the administrator.')
    const admin = await world.firstSignIn(ADMIN, world.server().url + link)
    const { out } = await admin.tsh(['status'])
    check(out.includes(ADMIN), `tsh status does not name ${ADMIN}: ${out}`)
    return ADMIN
  },
}

const addUsers: Step = {
  id: 'users',
  title: 'tctl users add makes one-time links, with which users set their passwords and sign in',
  needs: ['sign-in'],
  async run(world) {
    for (const [name, roles] of Object.entries(ROLES_OF)) await addUser(world, name, roles)
    const { out } = await world.person(ADMIN).tctl(['users', 'ls'])
    const missing = Object.keys(ROLES_OF).filter((name) => !out.includes(name))
    check(missing.length === 0, `tctl users ls lacks ${missing.join(', ')}`)
    return Object.keys(ROLES_OF).join(', ')
  },
}

/** By the administrator; the user signs in at once. */
export async function addUser(world: World, name: string, roles: readonly string[]): Promise<void> {
  const { link } = await world.person(ADMIN).tctlJson(linkSchema, ['users', 'add', name, '--roles', roles.join(',')])
  await world.firstSignIn(name, link.url)
}

const install: Step = {
  id: 'install',
  title:
    "tctl plugins install awsic --script prints the AWS side with the guide's permissions; the installation is in shadow mode",
  shows: ['GD-18', 'GD-22', 'GD-23'],
  needs: ['users'],
  async run(world) {
    const { sandbox } = world
    const admin = world.person(ADMIN)
    const asked = [
      'plugins',
      'install',
      'awsic',
      '--script',
      '--script-role',
      ROLE,
      '--instance-region',
      sandbox.region,
    ]
    const { audience, script } = await admin.tctlJson(scriptSchema, asked)
    const setup = {
      issuer: world.server().url,
      audience,
      roleName: ROLE,
      region: sandbox.region,
      organizationId: ORGANIZATION,
      integrationName: INTEGRATION,
    }
    const actions = setupSteps(setup).permissions.document.Statement.flatMap(({ Action }) =>
      z.array(z.string()).parse(Action),
    )
    const missing = actions.filter((action) => !script.includes(action))
    check(missing.length === 0, `the script does not permit ${missing.join(', ')}`)
    const roleArn = await setUpAws(sandbox, setup)

    await sandbox.control.resetCalls()
    const given = {
      'instance-region': sandbox.region,
      'instance-arn': sandbox.instanceArn,
      'scim-url': sandbox.scimUrl,
      'scim-token-file': admin.keep('scim-token', sandbox.scimToken),
      'assume-role-arn': roleArn,
      'oidc-integration': INTEGRATION,
      'access-list-default-owner': ADMIN,
      'start-url': sandbox.startUrl,
    }
    const options = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value])
    const { out } = await admin.tctl(['plugins', 'install', 'awsic', ...options])
    check(out.includes('Successfully created'), out)
    const { mode } = await admin.tctlJson(organizationSchema, ['plugins', 'get'])
    check(mode === 'shadow', `the organization is in ${mode} mode`)
    return `${actions.length} permissions, role assumed by OIDC`
  },
}

const adopt: Step = {
  id: 'adopt',
  title: 'adoption writes nothing to AWS; every group is a list with the same members and grants',
  shows: ['GD-17', 'GD-25', 'GD-27', 'GD-28', 'GD-30', 'GD-36'],
  needs: ['install'],
  async run(world) {
    const before = await everything(world)
    await until(
      'the first sweep and the adoption',
      async () => {
        const { adopted, sweep } = await status(world)
        return adopted && !sweep.running && sweep.lastAt !== undefined
      },
      ADOPTED_WITHIN_MS,
    )
    const { groups } = await world.sandbox.control.world()
    const admin = world.person(ADMIN)
    const lists = await everyList(admin)
    check(lists.length === groups.length, `${groups.length} groups became ${lists.length} lists`)
    const client = await world.adminClient()
    for (const group of groups) {
      const list = lists.find(({ spec }) => spec.title === group.displayName)
      if (!list) throw new Error(`the group ${group.displayName} is no list`)
      check(list.spec.owners.map(({ name }) => name).join() === ADMIN, `${group.displayName} has another owner`)
      const roles = list.spec.grants?.roles ?? []
      check(
        roles.length === group.assignments.length,
        `${group.displayName} holds ${group.assignments.length} assignments and its list grants ${roles.length} roles`,
      )
      const { items } = await client.listMembers({ params: { id: list.metadata.name }, query: { limit: 200 } })
      const members = membersSchema
        .parse(items)
        .map(({ kind, name, title }) => (kind === 'aws-only' ? title : name) ?? '')
      const differs = difference(group.members.toSorted(), members.toSorted())
      check(differs === '', `the list ${group.displayName} has other members: ${differs}`)
    }
    const written = await writes(world)
    check(Object.keys(written).length === 0, `AWS was written: ${JSON.stringify(written)}`)
    const changed = difference(before, await everything(world))
    check(changed === '', `AWS is not as it was: ${changed}`)
    return `${groups.length} lists, ${groups.flatMap(({ members }) => members).length} members, 0 writes`
  },
}

const start: Step = {
  id: 'start',
  title: 'the first plan is empty; tctl plugins start carries its hash, and still nothing is written',
  shows: ['GD-30'],
  needs: ['adopt'],
  async run(world) {
    const admin = world.person(ADMIN)
    const { out } = await admin.tctl(['plan'])
    const { hash, operations, held } = await admin.tctlJson(planSchema, ['plan'])
    check(operations.length + held.length === 0, `the first plan is not empty:\n${out}`)
    const wrong = await admin.attempt('tctl', ['plugins', 'start', '--plan', `${hash}x`])
    check(wrong.code !== 0, 'a plan that nobody has read was started')
    await admin.tctl(['plugins', 'start', '--plan', hash])
    const { mode } = await admin.tctlJson(organizationSchema, ['plugins', 'get'])
    check(mode === 'active', 'the organization is not active')
    const plan = await admin.tctlJson(planSchema, ['plan', '--refresh'])
    check(plan.operations.length === 0, `the plan after the start is not empty: ${plan.operations[0]?.summary}`)
    const written = await writes(world)
    check(Object.keys(written).length === 0, `AWS was written: ${JSON.stringify(written)}`)
    return `plan ${hash.slice(0, 12)}`
  },
}

export const status = (world: World) => world.person(ADMIN).tctlJson(organizationStatusSchema, ['plugins', 'status'])

export const enrolSteps: readonly Step[] = [signIn, addUsers, install, adopt, start]
