import { isDeepStrictEqual } from 'node:util'
import {
  ACCESS,
  auditEvent,
  EDITOR,
  type Instant,
  isBuiltIn,
  parseUserName,
  PRESET_ROLES,
  type Role,
  type RoleName,
  type User,
  type UserId,
  type UserName,
} from '@gatehouse/domain'
import type { RecordChange, Records } from '../ports/store.ts'
import { createPasswordLink, type NewPasswordLink } from './password-link.ts'
import type { SignInPorts } from './sign-in-ports.ts'

type BootstrapPorts = Pick<SignInPorts, 'store' | 'records' | 'credentials' | 'clock' | 'ids'>

/**
 * Creates the preset roles that are missing; one that somebody has changed stays as it is. Those that are built in are
 * brought up to date: nobody else can.
 */
export async function ensurePresets(
  ports: Pick<SignInPorts, 'store' | 'records' | 'clock'>,
  signal: AbortSignal,
): Promise<readonly RoleName[]> {
  const records = await ports.records.read(signal)
  const present = new Map(records.roles.map((role) => [role.name.toLowerCase(), role]))
  const changes = PRESET_ROLES.flatMap((preset) => changeOf(preset, present.get(preset.name)))
  if (changes.length === 0) return []
  const time = ports.clock.now()
  await ports.store.commit(
    {
      expecting: records.version,
      records: changes.map(({ role }) => ({ put: 'role', role })),
      events: changes.map(({ role: { name }, event }) =>
        auditEvent(event, { time, subjects: [`role:${name}`], fields: { name, preset: true } }),
      ),
    },
    signal,
  )
  return changes.map(({ role }) => role.name)
}

function changeOf(
  preset: Role,
  known: Role | undefined,
): readonly { readonly role: Role; readonly event: 'role.created' | 'role.updated' }[] {
  if (!known) return [{ role: preset, event: 'role.created' }]
  if (!isBuiltIn(known) || isSameRole(known, preset)) return []
  return [{ role: { ...preset, revision: known.revision + 1 }, event: 'role.updated' }]
}

const isSameRole = (a: Role, b: Role): boolean => isDeepStrictEqual({ ...a, revision: 0 }, { ...b, revision: 0 })

/**
 * The first administrator, and the link with which they set a password. Does nothing once somebody is there, unless it
 * is that administrator alone and the link of the first start was never used.
 */
export async function bootstrapAdministrator(
  ports: BootstrapPorts,
  name: string,
  signal: AbortSignal,
): Promise<NewPasswordLink | undefined> {
  const records = await ports.records.read(signal)
  if (records.users.length === 0) await createAdministrator(ports, { name, records }, signal)
  else if (!(await isWaitingFor(ports, name, records, signal))) return undefined
  return createPasswordLink(ports, { user: name, by: 'system' }, signal)
}

async function isWaitingFor(
  ports: BootstrapPorts,
  name: string,
  records: Records,
  signal: AbortSignal,
): Promise<boolean> {
  const [only, another] = records.users
  if (!only || another || only.name.toLowerCase() !== name.toLowerCase()) return false
  return (await ports.credentials.findPassword(only.id, signal)) === undefined
}

async function createAdministrator(
  ports: BootstrapPorts,
  { name, records }: { name: string; records: Records },
  signal: AbortSignal,
): Promise<void> {
  const time = ports.clock.now()
  const user = administrator(ports.ids.uuid() as UserId, parseUserName(name), time)
  const change: RecordChange = { put: 'user', user }
  const event = auditEvent('user.create', {
    time,
    subjects: [`user:${user.id}`],
    fields: { name, roles: [EDITOR, ACCESS], connector: 'local', expires: '' },
  })
  await ports.store.commit({ expecting: records.version, records: [change], events: [event] }, signal)
}

const administrator = (id: UserId, name: UserName, createdAt: Instant): User => ({
  id,
  name,
  roles: [{ name: EDITOR }, { name: ACCESS }],
  traits: {},
  labels: {},
  createdAt,
  revision: 1,
})
