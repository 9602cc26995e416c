import {
  type Account,
  type AccountId,
  type AccountSelector,
  type AwsGroupId,
  type AwsUserId,
  between,
  type GrantKey,
  type Instant,
  minutes,
  type ObservedUser,
  type Organization,
  type PermissionSet,
  type PermissionSetArn,
} from '@gatehouse/domain'
import type { Clock } from '../ports/clock.ts'
import type { EnrolmentProbe, ProbeEnrolment } from '../ports/enrolment-probe.ts'
import type { CallOptions } from '../ports/identity-center.ts'
import { inParallel } from '../reconcile/in-parallel.ts'
import { createAccountFacts, readAccountFacts } from '../reconcile/read-account-facts.ts'

/** What was found in AWS for an enrolment; its parts are read when a page needs them. */
export interface Preview {
  readonly readAt: Instant
  readonly managementAccount: string | undefined
  /**
   * In the order of names, with units and tags where the role may read them. Where somebody asks for those, some more are
   * read that were too many the first time.
   */
  accounts(call: CallOptions, asked?: readonly AccountSelector[]): Promise<readonly Account[]>
  permissionSets(call: CallOptions): Promise<readonly PermissionSet[]>
  groups(call: CallOptions): Promise<readonly PreviewGroup[]>
  users(call: CallOptions): Promise<readonly ObservedUser[]>
  setsOf(account: AccountId, call: CallOptions): Promise<readonly PermissionSetArn[]>
  membersOf(group: AwsGroupId, call: CallOptions): Promise<readonly AwsUserId[]>
  assignmentsOf(group: AwsGroupId, call: CallOptions): Promise<ReadonlySet<GrantKey>>
}
export interface PreviewGroup {
  readonly id: AwsGroupId
  readonly displayName: string
}

/** Remembers for a while what was found, so that turning a page costs AWS little. */
export interface Previews {
  of(organization: Organization, call: CallOptions): Promise<Preview>
  forget(organization: Organization['id']): void
}

/** Somebody who has mended something in AWS wants to see it; somebody who turns pages wants one picture. */
const REMEMBERED_FOR = minutes(5)
const KEPT = 20

export function createPreviews(ports: { readonly probeEnrolment: ProbeEnrolment; readonly clock: Clock }): Previews {
  const known = new Map<string, { readonly of: Organization['id']; readonly preview: Preview }>()
  return {
    async of(organization, call) {
      const { id, instanceArn, region, credentials } = organization
      const key = JSON.stringify([id, instanceArn, region, credentials])
      const found = known.get(key)?.preview
      const now = ports.clock.now()
      if (found && between(found.readAt, now) < REMEMBERED_FOR && found.readAt <= now) return found
      const preview = await createPreview(ports.probeEnrolment, organization, { now, call })
      known.delete(key)
      known.set(key, { of: id, preview })
      for (const oldest of known.keys()) if (known.size > KEPT) known.delete(oldest)
      return preview
    },
    forget(id) {
      for (const [key, { of }] of known) if (of === id) known.delete(key)
    },
  }
}

async function createPreview(
  probeEnrolment: ProbeEnrolment,
  organization: Organization,
  { now, call }: { readonly now: Instant; readonly call: CallOptions },
): Promise<Preview> {
  const { identityStoreId, ownerAccount } = await probeEnrolment(organization).identityCenter.describeInstance(call)
  const probe = probeEnrolment({ ...organization, identityStoreId })
  await probe.identityCenter.describeInstance(call) // tells it which account is the management account
  const { identityCenter } = probe
  return {
    readAt: now,
    managementAccount: ownerAccount,
    accounts: accountsReader(probe, now),
    permissionSets: once(async (within) => {
      const arns = await identityCenter.listPermissionSets(within)
      return byName(
        await inParallel(arns, (arn) => identityCenter.describePermissionSet(arn, within)),
        ({ name }) => name,
      )
    }),
    groups: once(async (within) => byName(await identityCenter.listGroups(within), ({ displayName }) => displayName)),
    users: once(async (within) => byName(await identityCenter.listUsers(within), ({ userName }) => userName)),
    setsOf: oncePerKey((account: AccountId, within) => probe.listProvisionedSets(account, within)),
    membersOf: oncePerKey((group: AwsGroupId, within) => identityCenter.listGroupMembers(group, within)),
    assignmentsOf: oncePerKey((id: AwsGroupId, within) =>
      identityCenter.listAssignments({ type: 'GROUP', id }, within),
    ),
  }
}

const byName = <T>(items: readonly T[], nameOf: (item: T) => string): readonly T[] =>
  items.toSorted((a, b) => (nameOf(a).toLowerCase() < nameOf(b).toLowerCase() ? -1 : 1))

function accountsReader({ identityCenter }: EnrolmentProbe, now: Instant): Preview['accounts'] {
  const facts = createAccountFacts()
  const list = once(async (call) => byName(await identityCenter.listAccounts(call), ({ name }) => name))
  let known: readonly Account[] | undefined
  return async (call, asked = []) => {
    const selectors = asked.filter(({ organizationalUnit, tags }) => organizationalUnit !== undefined || tags)
    if (known && selectors.length === 0) return known
    const input = { accounts: await list(call), known: new Map(), facts, selectors, now }
    return (known = await readAccountFacts(identityCenter, input, call))
  }
}

/** What failed, or was given up by who asked first, is asked for again. */
function once<T>(read: (call: CallOptions) => Promise<T>): (call: CallOptions) => Promise<T> {
  let known: T | undefined
  return async (call) => (known ??= await read(call))
}

function oncePerKey<Key extends string, T>(read: (key: Key, call: CallOptions) => Promise<T>) {
  const known = new Map<Key, T>()
  return async (key: Key, call: CallOptions): Promise<T> => {
    const found = known.get(key)
    if (found !== undefined) return found
    const value = await read(key, call)
    known.set(key, value)
    return value
  }
}
