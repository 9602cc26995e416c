import { connectSaml } from '../harness/connect-saml.ts'
import { enrol, ORGANIZATION, untilAdopted } from '../harness/enrol.ts'
import type { Sandbox, SandboxOptions } from '../harness/sandbox.ts'
import { startTwoOrganizations } from '../harness/two-organizations.ts'
import { waitFor } from '../harness/wait-for.ts'
import { createPerson, type Person } from '../journey/command.ts'
import { ADMIN, type EnrolmentWorld, PASSWORD, startEnrolmentWorld } from './enrolment-world.ts'

/** AWS's slowness is for other tests. */
const QUICK: SandboxOptions = {
  pace: 200,
  args: ['iam', 'identity-store', 'sso'].flatMap((service) => [`--${service}-lag`, '0,0']),
}

export const FIRST = ORGANIZATION
export const SECOND = 'acme-labs'
/** AWS of either has a user of this name. */
export const IN_BOTH = 'user-0001@acme.example'
/** In the second AWS by another name, until somebody says that it is the same person. */
export const LENA = 'lena@acme.example'
export const LENA_IN_SECOND = 'lena.lab@acme.example'
export const ENGINEER = 'paul@acme.example'
export const NEWCOMER = 'nadia@acme.example'

/** A first organization that is enrolled, connected and written to, and a second one that nobody knows of yet. */
export interface TwoWorlds extends EnrolmentWorld {
  readonly first: Sandbox
  readonly second: Sandbox
  /** The administrator at a shell. */
  readonly admin: Person
  /** Somebody with these roles, who is signed in with `tsh`. */
  atShell(name: string, roles: readonly string[]): Promise<Person>
  enrolSecond(): Promise<void>
  start(name: string): Promise<void>
  untilEqual(name: string): Promise<true>
  plan(name: string): ReturnType<EnrolmentWorld['client']['getPlan']>
  /** Waits until AWS of each holds for the user directly just what is named, as `<permission set> on <account id>`. */
  untilHeld(user: string, wanted: (sandbox: Sandbox) => readonly string[]): Promise<void>
}

/** Groups, sets, accounts and users have the same names in both, as far as those of the first go; all ids differ. */
export async function startTwoWorlds(): Promise<TwoWorlds> {
  const aws = await startTwoOrganizations(
    { ...QUICK, seed: 'generated:4x3x6x2x4' },
    { ...QUICK, seed: 'generated:5x3x8x4x8:second' },
  )
  const { first, second } = aws
  const world = await startEnrolmentWorld(aws)
  const { client, server } = world

  const shellOf = async (name: string): Promise<Person> => {
    const person = createPerson(name, `${world.folder}/${name}`)
    const file = person.keep('password', PASSWORD)
    await person.tsh(['login', '--proxy', server.url, '--user', name, '--password-file', file])
    return person
  }
  const plan: TwoWorlds['plan'] = (name) => client.getPlan({ params: { name }, query: { limit: 1000, refresh: true } })
  const start = async (name: string): Promise<void> => {
    const { hash: planHash } = await plan(name)
    await client.startOrganization({ params: { name }, body: { planHash } })
    await untilEqual(name)
  }
  const untilEqual = (name: string) =>
    waitFor(`AWS of ${name} to equal the decisions`, async () => {
      const { operations, held } = await plan(name)
      const { inFlight } = await client.getOrganizationStatus({ params: { name } })
      return operations.length + held.length + inFlight.length === 0 || undefined
    })
  const enrolAs = async (organization: string, sandbox: Sandbox): Promise<void> => {
    await enrol({ client, server, sandbox, owner: ADMIN, organization })
    await untilAdopted(client, undefined, organization)
  }

  await second.control.perform('identitystore', 'CreateUser', {
    IdentityStoreId: second.identityStoreId,
    UserName: LENA_IN_SECOND,
    DisplayName: 'Lena',
    Name: { GivenName: 'Lena', FamilyName: 'Lab' },
  })
  await enrolAs(FIRST, first)
  await connectSaml(client, first)
  for (const name of [IN_BOTH, LENA]) await world.person(name, ['access'])
  await start(FIRST)

  return {
    ...world,
    first,
    second,
    admin: await shellOf(ADMIN),
    plan,
    start,
    untilEqual,
    async atShell(name, roles) {
      await world.person(name, roles)
      return shellOf(name)
    },
    enrolSecond: () => enrolAs(SECOND, second),
    async untilHeld(user, wanted) {
      for (const sandbox of [first, second])
        await waitFor(`what ${user} is to have in ${sandbox.organizationId}`, async () => {
          const { assignments } = await sandbox.control.user(user)
          const has = assignments.map(({ permissionSet, accountId }) => `${permissionSet} on ${accountId}`)
          return has.toSorted().join() === wanted(sandbox).toSorted().join() || undefined
        })
    },
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]()
      await aws.stop()
    },
  }
}
