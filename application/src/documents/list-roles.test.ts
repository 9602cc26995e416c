import { createCatalogue, DomainError, systemRoleName } from '@gatehouse/domain'
import { anAccount, anOrganization, aPermissionSet, aRole, aUser } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import type { MirrorChange } from '../ports/store.ts'
import { startGovernance } from '../testing/governance-scene.ts'
import { applyDocuments } from './apply-documents.ts'
import { getDocument, listAllRoles } from './read-documents.ts'

const ACCOUNTS = Array.from({ length: 1_000 }, (_, index) =>
  anAccount(`Account ${index}`, String(100_000_000_000 + index)),
)
const SETS = Array.from({ length: 200 }, (_, index) => aPermissionSet(`Set${index}`))
const { accounts, permissionSets } = createCatalogue(ACCOUNTS, SETS)

/** Rita may read every role of an organization with 1,000 accounts and 200 permission sets. */
async function start(rolesSyncMode: 'ALL' | 'NONE' = 'ALL') {
  const scene = await startGovernance({
    organization: anOrganization({ rolesSyncMode }),
    users: [aUser('rita', { roles: ['editor'] })],
    roles: [aRole('own')],
    mirror: [
      ...ACCOUNTS.map((account): MirrorChange => ({ put: 'account', account })),
      ...SETS.map((permissionSet): MirrorChange => ({ put: 'permission-set', permissionSet })),
    ],
  })
  const page = async (from: number, limit: number, search?: string, withSystem = true) => {
    const query = { actor: scene.as('rita'), clusterName: 'acme', search, withSystem, from, limit }
    const { documents, next } = await listAllRoles(scene, query, scene.signal)
    return { names: documents.map(({ metadata }) => String(metadata['name'])), next }
  }
  return { scene, page }
}

it('lists stored roles first and then system roles, page by page, each role once', async () => {
  const { scene, page } = await start()
  const stored = await page(0, 1_000, undefined, false)
  expect(stored.next).toBeUndefined()
  expect(stored.names).toContain('own')
  const seen: string[] = []
  let from: number | undefined = 0
  while (from !== undefined && seen.length < 60) {
    const { names, next }: Awaited<ReturnType<typeof page>> = await page(from, 7)
    expect(names).toHaveLength(7)
    seen.push(...names)
    from = next
  }
  expect(seen.slice(0, stored.names.length)).toEqual(stored.names)
  expect(new Set(seen).size).toBe(seen.length)
  const total = stored.names.length + (await countOf(scene))
  const last = await page(total - 3, 10)
  expect(last.names).toHaveLength(3)
  expect(last.next).toBeUndefined()
})

const countOf = async ({ records, signal }: Awaited<ReturnType<typeof start>>['scene']): Promise<number> => {
  const { view } = await records.readView(signal)
  return view.catalogue.accounts.size * view.catalogue.permissionSets.size
}

it('finds system roles by a part of the name', async () => {
  const { page } = await start()
  expect(await page(0, 100, 'set17-on-account_42-')).toEqual({
    names: ['Set17-on-Account_42-100000000042'],
    next: undefined,
  })
})

it('shows a system role like any other, and refuses to write it', async () => {
  const { scene } = await start()
  const [account, set] = [[...accounts.values()][7], [...permissionSets.values()][7]]
  if (!account || !set) throw new Error('there is one')
  const name = systemRoleName(account, set)
  const query = { actor: scene.as('rita'), kind: 'role', clusterName: 'acme', name } as const
  const document = await getDocument(scene, query, scene.signal)
  expect(document).toMatchObject({ kind: 'role', metadata: { name } })
  const command = {
    actor: scene.as('rita'),
    source: JSON.stringify(document),
    mode: 'replace',
    dryRun: false,
    prune: false,
    takeOver: false,
  } as const
  await expect(applyDocuments(scene, command, scene.signal)).rejects.toThrow(DomainError)
})

it('lists no system roles where the organization does without them', async () => {
  const { page } = await start('NONE')
  expect((await page(0, 1_000)).names).not.toContain('Set0-on-Account_0-100000000000')
})
