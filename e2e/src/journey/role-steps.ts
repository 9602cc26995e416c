import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { accountId, permissionSetArn, systemRole, until, untilUserHas } from './aws.ts'
import { apply, roleDocument, userDocument } from './documents.ts'
import { addUser, ROLES_OF } from './enrol-steps.ts'
import { check, type Step } from './steps.ts'
import { ADMIN, ENGINEER, NEWCOMER, type World } from './world.ts'

/** As the guide has it, with its indentation. */
const guideRole = (entries: readonly { account: string; permissionSet: string }[]): string => `kind: role
version: v8
metadata:
  name: identity-center-access
spec:
  allow:
    app_labels:
      'teleport.dev/origin': 'aws-identity-center'
    account_assignments:
${entries.map(({ account, permissionSet }) => `    - account: "${account}"\n      permission_set: ${permissionSet}`).join('\n')}
`
const AS_PRINTED = guideRole([
  { account: '<account_id>', permissionSet: 'arn:aws:sso:::permissionSet/ssoins-1234/ps-5678' },
  { account: '<account_id>', permissionSet: 'arn:aws:sso:::permissionSet/ssoins-1234/ps-8765' },
])

/** The guide's way of naming: account, then role. */
const PROFILE = 'teleport-awsic-sandbox-web-administratoraccess'
const resourcesSchema = z.array(z.object({ permissionSets: z.array(z.object({ name: z.string() })) }))

const paste: Step = {
  id: 'paste',
  title: "the guide's role is saved as it is printed, with a warning about the account",
  shows: ['GD-31'],
  needs: ['start'],
  async run(world) {
    const { out, err } = await world.person(ADMIN).tctl(['create', '-f', '-'], AS_PRINTED)
    check(err.includes('<account_id>') && /warning/i.test(err), `nothing warns about <account_id>: ${err}`)
    return out.trim()
  },
}

const grantRole: Step = {
  id: 'role',
  title:
    'with real accounts and ARNs and given to a user who is linked and one who is pushed, it is two assignments each',
  shows: ['GD-31', 'GD-33', 'GD-39'],
  needs: ['start'],
  async run(world) {
    const entries = await Promise.all(
      [
        { account: 'Sandbox Web', permissionSet: 'AdministratorAccess' },
        { account: 'Sandbox Data', permissionSet: 'ReadOnlyAccess' },
      ].map(async ({ account, permissionSet }) => ({
        account: await accountId(world, account),
        name: permissionSet,
        permissionSet: await permissionSetArn(world, permissionSet),
      })),
    )
    const admin = world.person(ADMIN)
    await admin.tctl(['create', '-f', '-'], guideRole(entries))
    await addUser(world, NEWCOMER, ['access', 'requester'])
    await giveRoles(world, ENGINEER, ['identity-center-access'])
    await giveRoles(world, NEWCOMER, ['identity-center-access'])
    const wanted = entries.map(({ account, name }) => `${name}@${account}`)
    for (const user of [ENGINEER, NEWCOMER]) await untilUserHas(world, user, wanted)
    const { active } = await world.sandbox.control.user(NEWCOMER)
    check(active, `${NEWCOMER} is not active in AWS`)
    return wanted.join(', ')
  },
}

/** In addition to what the user has from the start, and instead of what was given in this way before. */
export const giveRoles = (world: World, user: string, roles: readonly string[], ...args: string[]) =>
  apply(world.person(ADMIN), [userDocument(user, [...(ROLES_OF[user] ?? ['access', 'requester']), ...roles])], ...args)

const systemRoles: Step = {
  id: 'system-role',
  title: "a system role given directly to a user is an assignment of the user's own; taken away, it goes",
  shows: ['GD-32', 'GD-33'],
  needs: ['role'],
  async run(world) {
    const before = (await world.sandbox.control.user(NEWCOMER)).assignments.map(
      ({ permissionSet, accountId: account }) => `${permissionSet}@${account}`,
    )
    const role = await systemRole(world, 'ViewOnlyAccess', 'Web Dev')
    await giveRoles(world, NEWCOMER, ['identity-center-access', role])
    await untilUserHas(world, NEWCOMER, [...before, `ViewOnlyAccess@${await accountId(world, 'Web Dev')}`])
    await giveRoles(world, NEWCOMER, ['identity-center-access'])
    await untilUserHas(world, NEWCOMER, before)
    return role
  },
}

const refuseEdits: Step = {
  id: 'refuse-edits',
  title: 'edits to system roles are refused',
  shows: ['GD-34'],
  needs: ['start'],
  async run(world) {
    const name = await systemRole(world, 'ReadOnlyAccess', 'Web Prod')
    const document = roleDocument(name, { account_assignments: [{ account: '*', permission_set: '*' }] })
    const admin = world.person(ADMIN)
    for (const args of [
      ['create', '-f', '-'],
      ['create', '-'],
      ['rm', `role/${name}`],
    ]) {
      const ended = await admin.attempt('tctl', args, JSON.stringify(document))
      check(ended.code !== 0, `tctl ${args.join(' ')} of ${name} was not refused: ${ended.out}`)
    }
    return name
  },
}

const applications: Step = {
  id: 'applications',
  title: 'tsh apps ls shows the accounts with their permission sets, and what can be asked for',
  shows: ['GD-42', 'GD-43'],
  needs: ['role'],
  async run(world) {
    const user = world.person(NEWCOMER)
    const { out } = await user.tsh(['apps', 'ls'])
    check(out.includes('Sandbox Web') && out.includes('AdministratorAccess'), `an account is missing:\n${out}`)
    const all = (await user.tsh(['apps', 'ls', '--requestable'])).out
    check(
      all.includes('Payments Prod') && all.includes('requestable'),
      `nothing can be asked for:\n${all.slice(0, 500)}`,
    )
    return `${out.trim().split('\n').length} lines, ${all.trim().split('\n').length} with what can be asked for`
  },
}

const profiles: Step = {
  id: 'profiles',
  title: 'tsh aws-profile --dry-run writes nothing; without it, profiles appear and what others wrote stays',
  shows: ['GD-1', 'GD-2', 'GD-3', 'GD-4', 'GD-5', 'GD-6', 'GD-7'],
  needs: ['role'],
  async run(world) {
    const user = world.person(NEWCOMER)
    const file = awsConfig(user.home)
    const foreign = '[profile mine]\nregion = eu-west-1 # by hand\n'
    file.write(foreign)
    const preview = await user.tsh(['aws-profile', '--dry-run'])
    check(preview.out.includes('teleport-awsic-'), `the preview names no profile:\n${preview.out}`)
    check(file.read() === foreign, 'the dry run changed the file')
    const { out } = await user.tsh(['aws-profile'])
    check(/Profile\s+Account\s+Account ID\s+Role\s+SSO Session/.test(out), `the table is missing:\n${out}`)
    const written = file.read()
    check(written.startsWith(foreign), 'what was there before is not there as it was')
    const names = [...written.matchAll(/^\[profile (teleport-awsic-[^\]]+)\]$/gm)].map(([, name]) => name ?? '')
    const granted = (await user.tshJson(resourcesSchema, ['apps', 'ls'])).flatMap(
      ({ permissionSets }) => permissionSets,
    )
    check(names.length === granted.length, `${granted.length} permission sets, and the profiles ${names.join(', ')}`)
    check(names.includes(PROFILE), `there is no profile ${PROFILE} among ${names.join(', ')}`)
    check(/^\[sso-session teleport-d-[^\]]+\]$/m.test(written), 'the file has no session')
    await user.tsh(['aws-profile'])
    check(file.read() === written, 'a second run changes the file')

    await giveRoles(world, NEWCOMER, [])
    await untilUserHas(world, NEWCOMER, [])
    await until('tsh aws-profile to remove the profile', async () => {
      await user.tsh(['aws-profile'])
      return !file.read().includes(PROFILE)
    })
    check(file.read().startsWith(foreign), 'pruning touched what others wrote')
    await giveRoles(world, NEWCOMER, ['identity-center-access'])
    await until(
      'the access to be back',
      async () => (await world.sandbox.control.user(NEWCOMER)).assignments.length === 2,
    )
    return `${names.length} profiles, such as ${PROFILE}`
  },
}

/** The AWS config file of a home folder. */
function awsConfig(home: string): { read(): string; write(text: string): void } {
  const path = join(home, '.aws', 'config')
  return {
    read: () => readFileSync(path, 'utf8'),
    write(text) {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text, { mode: 0o600 })
    },
  }
}

export const roleSteps: readonly Step[] = [paste, grantRole]
export const systemRoleStep: Step = systemRoles
export const clientSteps: readonly Step[] = [refuseEdits, applications, profiles]
