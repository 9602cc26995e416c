import { assignmentKey, grantKey, hours, plus, type Remembered } from '@gatehouse/domain'
import { anOrganization, aUser, aUserLink, NOW, on, PROD, READ_ONLY } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import type { Store } from '../ports/store.ts'
import { startGovernance } from '../testing/index.ts'
import { previewRemoval, type RemoveOrganizationCommand, removeOrganization } from './remove-organization.ts'

const ORGANIZATION = anOrganization()
const ANA = aUserLink(aUser('ana'))
const KEY = assignmentKey(
  { type: 'USER', id: ANA.awsUser },
  grantKey({ account: PROD.id, permissionSet: READ_ONLY.arn }),
)
const confirmed: Remembered = { confirmed: true, subjects: [] }

/** Ana holds access in AWS for good; root may do everything. */
async function start(seed: Parameters<typeof startGovernance>[0] = {}) {
  const scene = await startGovernance({
    ...seed,
    users: [
      aUser('root', { roles: ['editor'] }),
      aUser('ana', { roles: [on(READ_ONLY, PROD)] }),
      ...(seed.users ?? []),
    ],
    userLinks: [ANA],
  })
  const ports = {
    ...scene,
    secrets: { removeScimToken: async () => undefined },
    enrolments: { remove: async () => false },
  }
  const commandOf = (partial: Partial<RemoveOrganizationCommand>): RemoveOrganizationCommand => ({
    actor: scene.as('root'),
    organization: ORGANIZATION.id,
    identitySourceChanged: false,
    strip: false,
    release: [],
    ...partial,
  })
  return {
    ...scene,
    remember: (remembered: Remembered) =>
      scene.store.commit(
        { organization: ORGANIZATION.id, memory: [{ put: 'assignment', key: KEY, remembered }] },
        scene.signal,
      ),
    preview: (partial: Partial<RemoveOrganizationCommand> = {}) =>
      previewRemoval(ports, commandOf(partial), scene.signal),
    remove: (partial: Partial<RemoveOrganizationCommand> = {}, store: Store = scene.store) =>
      removeOrganization({ ...ports, store }, commandOf(partial), scene.signal),
  }
}

describe('access that is still in AWS', () => {
  it('goes on there for good when it is wanted for good', async () => {
    const scene = await start()
    await scene.remember(confirmed)
    expect(await scene.remove()).toMatchObject({ withEnd: [], leaving: [], blockers: [] })
  })
  it('stands against the removal once it was taken away here, until it is released', async () => {
    const scene = await start()
    await scene.remember({ ...confirmed, ending: { kind: 'decided', event: 'e' } })
    expect(await scene.preview()).toMatchObject({ withEnd: [], leaving: [{ key: KEY }], blockers: [{}] })
    await expect(scene.remove()).rejects.toThrow('1 rows of access were taken away here')
    expect(await scene.remove({ release: [KEY] })).toMatchObject({ leaving: [{ key: KEY }], blockers: [] })
  })
  it('does so before the engine has come to it', async () => {
    const scene = await start()
    await scene.remember(confirmed)
    await scene.store.commit({ records: [{ put: 'user', user: aUser('ana') }] }, scene.signal)
    await expect(scene.remove()).rejects.toThrow('1 rows of access were taken away here')
  })
  it('does so when it came to have an end while the removal was decided', async () => {
    const scene = await start()
    const late = {
      ...scene.store,
      readMemory: async (...args: Parameters<Store['readMemory']>) => {
        const before = await scene.store.readMemory(...args)
        await scene.remember({ ...confirmed, until: plus(NOW, hours(1)) })
        return before
      },
    }
    await expect(scene.remove({}, late)).rejects.toMatchObject({ problem: { code: 'conflict' } })
    expect((await scene.store.readRecords(scene.signal)).organizations).toHaveLength(1)
  })
  it('does so when it has an end', async () => {
    const scene = await start()
    await scene.remember({ ...confirmed, until: plus(NOW, hours(1)) })
    await expect(scene.remove()).rejects.toThrow('1 rows of access in AWS have an end')
    expect(await scene.remove({ release: [KEY] })).toMatchObject({ withEnd: [{ key: KEY }] })
  })
})
