import type { Organization, RecordedAuditEvent } from '@gatehouse/domain'
import { ADMIN, aList, aMember, aUser, on, PROD, READ_ONLY, SANDBOX, STAGING } from '@gatehouse/domain/testing'
import { previewRemoval, type RemoveOrganizationCommand, removeOrganization } from '../adopt/remove-organization.ts'
import { stopRemoval } from '../adopt/withdrawal.ts'
import { createRecordsCache } from '../governance/records-cache.ts'
import type { InMemoryAws, Wire } from './in-memory-identity-center.ts'
import { lists, lived, shadow } from './lived-aws.ts'

const { signal } = new AbortController()
export const WHOLE: Wire = { before: async () => {}, after: async () => {} }

/** Assignments and groups, by the names of groups that come and go. */
export const inAws = ({ assignments, groups }: InMemoryAws) => {
  const held = [...assignments].flatMap(([principal, grants]) => [...grants].map((grant) => `${principal} ${grant}`))
  const named = [...groups.values()].map(
    ({ displayName, members }) => `${displayName}: ${[...members].toSorted().join()}`,
  )
  return { held: held.toSorted(), groups: named.toSorted() }
}

/**
 * AWS as it was before us, with what we made beside it: a list of ours with a group, access of a role for somebody who had
 * something before, and more access for a group that was there.
 */
export async function settled(wire: Wire = WHOLE) {
  const aws = lived()
  const before = inAws(aws)
  const scene = await shadow()
  await scene.save({ put: 'user', user: aUser('ana') }, { put: 'user', user: aUser('bruno') })
  const first = await scene.start(aws, wire)
  await first.untilQuiet()
  const finance = (await lists(scene)).find(({ title }) => title === 'finance')
  if (!finance) throw new Error('no list was made of the group')
  const roles = [...finance.grants.roles, { name: on(ADMIN, STAGING) }]
  await scene.save(
    { put: 'organization', organization: { ...scene.organization, mode: 'active', revision: 9 } },
    { put: 'user', user: aUser('ana', { roles: [on(READ_ONLY, PROD), on(READ_ONLY, SANDBOX)], revision: 2 }) },
    { put: 'list', list: { ...finance, grants: { ...finance.grants, roles }, revision: finance.revision + 1 } },
    {
      put: 'list',
      list: aList('ours', { title: 'Ours', members: [aMember('bruno')], grants: [on(READ_ONLY, STAGING)] }),
    },
  )
  await first.untilQuiet()
  const ports = {
    store: scene.store,
    records: createRecordsCache(scene.store),
    clock: scene.clock,
    auditLog: scene.store,
  }
  const commandOf = (partial: Partial<RemoveOrganizationCommand>): RemoveOrganizationCommand => ({
    actor: { kind: 'system' },
    organization: scene.organization.id,
    identitySourceChanged: true,
    strip: false,
    release: [],
    removeMade: true,
    ...partial,
  })
  let revision = 9
  return {
    aws,
    before,
    scene,
    /** Changes settings as they are stored. */
    async save(changed: Partial<Organization>) {
      const [organization] = (await scene.store.readRecords(signal)).organizations
      if (!organization) throw new Error('it is gone')
      revision = Math.max(revision, organization.revision) + 1
      await scene.save({ put: 'organization', organization: { ...organization, ...changed, revision } })
    },
    first,
    preview: (partial: Partial<RemoveOrganizationCommand> = {}) => previewRemoval(ports, commandOf(partial), signal),
    remove: (partial: Partial<RemoveOrganizationCommand> = {}) => removeOrganization(ports, commandOf(partial), signal),
    stop: () => stopRemoval(ports, { actor: { kind: 'system' }, organization: scene.organization.id }, signal),
    event: (name: string): RecordedAuditEvent | undefined => scene.store.events.findLast(({ event }) => event === name),
    organizations: async () => (await scene.store.readRecords(signal)).organizations.length,
    [Symbol.asyncDispose]: () => first[Symbol.asyncDispose](),
  }
}
