import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type GatehouseClient, type OrganizationStatusView, type PlanView, readWholePlan } from '@gatehouse/api'
import { enrol, ORGANIZATION, prepareAws, untilAdopted } from '../harness/enrol.ts'
import { connectSaml } from '../harness/connect-saml.ts'
import type { Sandbox } from '../harness/sandbox.ts'
import type { Server } from '../harness/server.ts'
import { setPassword } from '../harness/set-password.ts'
import type { DataFolder } from './data-folder.ts'
import type { Progress } from './progress.ts'

export const ADMIN = 'ana@acme.example'
/** Those of people.yaml, in the order in which they are shown, and what for. */
export const USERS: readonly { readonly user: string; readonly does: string }[] = [
  { user: 'boris@acme.example', does: 'reviews requests' },
  { user: 'bruno@acme.example', does: 'asks for access' },
  { user: 'clara@acme.example', does: 'asks for access' },
  { user: 'lars@acme.example', does: 'owns the list sandbox-developers' },
]

export interface World {
  readonly server: Server
  readonly sandbox: Sandbox
  readonly folder: DataFolder
  readonly progress: Progress
}

/** Everything between two running programs and an organization that is governed. What is done already stays done. */
export async function govern(world: World): Promise<OrganizationStatusView> {
  const { server, sandbox, folder, progress } = world
  const client = await progress.step(
    'signed in',
    () => signInAsAdmin(world),
    () => ADMIN,
  )
  const isSeeded = folder.readState()?.isSeeded ?? false
  if (!isSeeded)
    await progress.step(
      'users added',
      () => addPeople(client, folder),
      () => `${USERS.length} besides the administrator`,
    )

  const enrolment = { client, server, sandbox, owner: ADMIN }
  const { items } = await client.listOrganizations()
  if (items.length === 0)
    await progress.step(
      'organization enrolled',
      () => enrol(enrolment),
      ({ instanceArn }) => instanceArn,
    )
  // The server may have another address than last time, and AWS trusts it by its address.
  else await progress.step('AWS side set up', () => prepareAws(enrolment))

  const adopted = await progress.step(
    'AWS read and adopted',
    () => untilAdopted(client),
    ({ managed }) =>
      `${managed.groups} groups with ${managed.members} members, ${managed.users} users, ${managed.assignments} assignments`,
  )
  if (!isSeeded) {
    await progress.step(
      'decisions made',
      () => apply(client, 'decisions.yaml'),
      (count) => `${count} documents`,
    )
    const state = folder.readState()
    if (state) folder.writeState({ ...state, isSeeded: true })
  }
  await progress.step(
    'signing in to AWS set up',
    () => connectSaml(client, sandbox),
    () => `by SAML, at ${sandbox.portalUrl}`,
  )
  if (adopted.mode === 'shadow') await start(client, progress)
  return client.getOrganizationStatus({ params: { name: ORGANIZATION } })
}

async function signInAsAdmin({ server, folder }: World): Promise<GatehouseClient> {
  const password = folder.password(ADMIN)
  const link = server.bootstrapLink()
  if (link !== undefined) await setPassword(server.url + link, password)
  return server.signIn(ADMIN, password)
}

async function addPeople(client: GatehouseClient, folder: DataFolder): Promise<void> {
  await apply(client, 'people.yaml')
  for (const { user } of USERS) {
    const { url } = await client.createPasswordLink({ params: { name: user } })
    await setPassword(url, folder.password(user))
  }
}

async function apply(client: GatehouseClient, file: string): Promise<number> {
  const text = readFileSync(fileURLToPath(new URL(file, import.meta.url)), 'utf8')
  const { results, warnings } = await client.applyDocuments({ body: { text, mode: 'replace' } })
  // What we seed is meant to fit; a warning is a mistake in the file.
  for (const { field, message } of warnings) throw new Error(`${file}: ${field}: ${message}`)
  return results.length
}

/** Reads the plan, and lets the server carry out exactly that. */
async function start(client: GatehouseClient, progress: Progress): Promise<PlanView> {
  const params = { name: ORGANIZATION }
  const plan = await progress.step(
    'first plan made',
    () => readWholePlan(client, params),
    ({ operations, held }) =>
      `${operations.length} changes to AWS, ${operations.filter(({ removes }) => removes).length} of them removals` +
      (held.length === 0 ? '' : `, ${held.length} held`),
  )
  for (const { summary } of plan.operations) progress.say(`           ${summary}`)
  await progress.step('writing started', () => client.startOrganization({ params, body: { planHash: plan.hash } }))
  return plan
}
