import { type AwsGroupId, type AwsUserId, grantKey } from '@gatehouse/domain'
import { A_CATALOGUE, ADMIN, NOW, PROD, READ_ONLY, SANDBOX, STAGING } from '@gatehouse/domain/testing'
import { type EngineScene, startEngineScene } from './engine-scene.ts'
import { createInMemoryAws, type InMemoryAws } from './in-memory-identity-center.ts'

const { signal } = new AbortController()
export const key = (set: { arn: typeof ADMIN.arn }, account: { id: typeof PROD.id }) =>
  grantKey({ account: account.id, permissionSet: set.arn })

/** AWS as it was before us: groups with members and assignments, and a person with one of her own. */
export function lived(): InMemoryAws {
  const aws = createInMemoryAws({
    accounts: [...A_CATALOGUE.accounts.values()],
    permissionSets: [...A_CATALOGUE.permissionSets.values()],
  })
  for (const name of ['ana', 'bruno', 'chiara', 'dmitri']) addUser(aws, name)
  addGroup(aws, 'platform', ['ana', 'bruno', 'chiara'])
  addGroup(aws, 'finance', ['dmitri'])
  hold(aws, 'GROUP:g-platform', key(ADMIN, PROD), key(READ_ONLY, STAGING))
  hold(aws, 'GROUP:g-finance', key(READ_ONLY, PROD))
  hold(aws, 'USER:u-ana', key(READ_ONLY, SANDBOX))
  return aws
}
export const awsUser = (name: string) => `u-${name}` as AwsUserId
export const awsGroup = (name: string) => `g-${name}` as AwsGroupId
export function addUser(aws: InMemoryAws, name: string): void {
  const userName = `${name}@acme.example`
  aws.users.set(awsUser(name), {
    profile: { userName, givenName: name, familyName: name, displayName: name, email: userName, active: true },
  })
}
export function addGroup(aws: InMemoryAws, name: string, members: readonly string[]): void {
  aws.groups.set(awsGroup(name), { displayName: name, members: new Set(members.map(awsUser)) })
}
export function hold(
  aws: InMemoryAws,
  principal: `GROUP:${string}` | `USER:${string}`,
  ...grants: ReturnType<typeof key>[]
): void {
  aws.assignments.set(principal as never, new Set([...(aws.assignments.get(principal as never) ?? []), ...grants])) // written as AWS's key
}
export const heldBy = (aws: InMemoryAws, principal: string): readonly string[] =>
  [...(aws.assignments.get(principal as never) ?? [])].toSorted() // the same
export const directly = (aws: InMemoryAws, name: string): readonly string[] => {
  const [id] = [...aws.users].find(([, { profile }]) => profile.userName === `${name}@acme.example`) ?? []
  return heldBy(aws, `USER:${id}`)
}
export const shadow = () => startEngineScene(NOW, { mode: 'shadow', defaultOwners: [] })
export async function start(scene: EngineScene): Promise<void> {
  await scene.save({ put: 'organization', organization: { ...scene.organization, mode: 'active', revision: 9 } })
}
export async function lists(scene: EngineScene) {
  return (await scene.store.readRecords(signal)).lists
}

/** Drift policy that leaves every change to a person. */
export const REPORT_ALL = {
  'assignment-added': 'report',
  'assignment-removed': 'report',
  'member-added': 'report',
  'member-removed': 'report',
  'group-renamed': 'report',
  'group-deleted': 'report',
} as const
