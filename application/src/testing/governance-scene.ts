import {
  type AccessList,
  type AccessRequest,
  type Catalogue,
  type Lock,
  type Organization,
  PRESET_ROLES,
  type Role,
  type User,
  type UserLink,
} from '@gatehouse/domain'
import { A_CATALOGUE, anOrganization, NOW, userId } from '@gatehouse/domain/testing'
import { createPermissionSetReader, type PermissionSetReader } from '../access-requests/permission-set-reader.ts'
import type { Actor } from '../governance/actor.ts'
import type { GovernancePorts } from '../governance/governance-ports.ts'
import { createRecordsCache } from '../governance/records-cache.ts'
import type { MirrorChange } from '../ports/store.ts'
import { createInMemoryClock, createInMemoryIds, type InMemoryClock } from './in-memory-clock.ts'
import { connectInMemory, createInMemoryAws, type InMemoryAws } from './in-memory-identity-center.ts'
import { createInMemoryStore, type InMemoryStore } from './in-memory-store.ts'
import { plainSaml } from './plain-saml.ts'

export interface GovernanceScene extends GovernancePorts {
  readonly saml: typeof plainSaml
  readonly store: InMemoryStore
  readonly reviews: InMemoryStore['reviews']
  readonly drafts: InMemoryStore['drafts']
  readonly auditLog: InMemoryStore
  readonly clock: InMemoryClock
  readonly signal: AbortSignal
  /** What AWS would tell whoever asks now. */
  readonly aws: InMemoryAws
  readonly permissionSets: PermissionSetReader
  /** The user of that name, signed in. */
  as(name: string): Actor
}

interface Seed {
  readonly organization?: Organization
  readonly users?: readonly User[]
  readonly roles?: readonly Role[]
  readonly lists?: readonly AccessList[]
  readonly requests?: readonly AccessRequest[]
  readonly locks?: readonly Lock[]
  readonly userLinks?: readonly UserLink[]
  readonly mirror?: readonly MirrorChange[]
  /** Enrolled after the first. */
  readonly others?: readonly { readonly organization: Organization; readonly catalogue: Catalogue }[]
}

/** An enrolled organization with the builders' catalogue, the preset roles, and whatever the scene names. */
export async function startGovernance(seed: Seed = {}): Promise<GovernanceScene> {
  const store = createInMemoryStore()
  const { organization = anOrganization() } = seed
  const signal = AbortSignal.timeout(60_000)
  await store.commit(
    {
      organization: organization.id,
      records: [
        { put: 'organization', organization },
        ...[...PRESET_ROLES, ...(seed.roles ?? [])].map((role) => ({ put: 'role', role }) as const),
        ...(seed.users ?? []).map((user) => ({ put: 'user', user }) as const),
        ...(seed.lists ?? []).map((list) => ({ put: 'list', list }) as const),
        ...(seed.requests ?? []).map((request) => ({ put: 'request', request }) as const),
        ...(seed.locks ?? []).map((lock) => ({ put: 'lock', lock }) as const),
        ...(seed.userLinks ?? []).map(
          (link) => ({ put: 'user-link', link: { ...link, organization: organization.id } }) as const,
        ),
      ],
      mirror: [...mirrorOf(A_CATALOGUE), ...(seed.mirror ?? [])],
    },
    signal,
  )
  for (const { organization: other, catalogue } of seed.others ?? []) {
    const records = [{ put: 'organization', organization: other }] as const
    await store.commit({ organization: other.id, records, mirror: mirrorOf(catalogue) }, signal)
  }
  const catalogues = [A_CATALOGUE, ...(seed.others ?? []).map(({ catalogue }) => catalogue)]
  const aws = createInMemoryAws({
    accounts: catalogues.flatMap(({ accounts }) => [...accounts.values()]),
    permissionSets: catalogues.flatMap(({ permissionSets }) => [...permissionSets.values()]),
  })
  return {
    store,
    reviews: store.reviews,
    drafts: store.drafts,
    auditLog: store,
    records: createRecordsCache(store),
    clock: createInMemoryClock(NOW),
    ids: createInMemoryIds(),
    permissionSets: createPermissionSetReader(() => connectInMemory(aws)),
    aws,
    saml: plainSaml,
    signal,
    as: (name) => ({ kind: 'user', user: userId(name), assumed: [] }),
  }
}

const mirrorOf = ({ accounts, permissionSets }: Catalogue): readonly MirrorChange[] => [
  ...[...accounts.values()].map((account) => ({ put: 'account', account }) as const),
  ...[...permissionSets.values()].map((permissionSet) => ({ put: 'permission-set', permissionSet }) as const),
]

/** An access list as it is kept now. */
export async function storedList({ store, signal }: GovernanceScene, id: string): Promise<AccessList> {
  const found = (await store.readRecords(signal)).lists.find((list) => list.id === id)
  if (!found) throw new Error('the list is gone')
  return found
}
