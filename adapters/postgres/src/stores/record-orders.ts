import { type Member, memberKey } from '@gatehouse/domain'
import type { Records } from '@gatehouse/application'
import { foldName } from './values.ts'

type Kind = Exclude<keyof Records, 'version' | 'auditSeq'>
type Orders = { readonly [K in Kind]: (a: Records[K][number], b: Records[K][number]) => number }

const by =
  <T>(...keys: readonly ((value: T) => string | number)[]) =>
  (a: T, b: T): number => {
    for (const keyOf of keys) {
      const [one, other] = [keyOf(a), keyOf(b)]
      if (one !== other) return one < other ? -1 : 1
    }
    return 0
  }
const byName = by<{ readonly name: string }>(({ name }) => foldName(name))
const byCreation = by<{ readonly createdAt: number; readonly id: string }>(
  ({ createdAt }) => createdAt,
  ({ id }) => id,
)

/** One order for records that are read whole and for those that are brought up to date, whatever the database sorts like. */
export const ORDERS: Orders & { readonly members: (a: Member, b: Member) => number } = {
  users: byName,
  roles: byName,
  lists: by(({ title }) => foldName(title)),
  requests: byCreation,
  locks: byCreation,
  serviceProviders: byName,
  bundles: byName,
  approvalRules: byName,
  organizations: byName,
  userLinks: by(
    ({ organization }) => organization,
    ({ user }) => user,
  ),
  groupLinks: by(
    ({ organization }) => organization,
    ({ group }) => group,
  ),
  adopted: by(
    ({ user }) => user,
    ({ grant }) => grant,
    ({ organization }) => organization,
  ),
  members: by(({ joined }) => joined, memberKey),
}
