import {
  type Account,
  type AccountId,
  type AuditEvent,
  auditEvent,
  type Instant,
  type OrganizationId,
} from '@gatehouse/domain'
import type { AccountMoves, AccountsSeen, NamedAccounts } from '../ports/store.ts'

interface Looks {
  readonly at: Instant
  /** What was managed before this look, and what is now. */
  readonly before: ReadonlyMap<AccountId, Account>
  readonly after: ReadonlyMap<AccountId, Account>
  /** What AWS has now and the filter keeps out. */
  readonly outside: readonly Account[]
  readonly seen: AccountsSeen | undefined
  /** Everything is new then, and nothing has moved. */
  readonly isFirst: boolean
}

interface LookAtAccounts {
  readonly seen: AccountsSeen
  /** Absent when nothing did. */
  readonly moves?: AccountMoves
}

/**
 * What came into the filter and what fell out of it since the last look, apart from what AWS itself added and no longer has.
 * Of what came in by the first look after an upgrade nobody remembers whether AWS had it before: it counts as let in.
 */
export function lookAtAccounts({ at, before, after, outside, seen, isFirst }: Looks): LookAtAccounts {
  const outsideIds = outside.map(({ id }) => id).filter((id) => !after.has(id))
  const isOutside = new Set(outsideIds)
  const wasOutside = seen && new Set(seen.outside)
  const came = [...after.values()].filter(({ id }) => !before.has(id))
  const went = [...before.values()].filter(({ id }) => !after.has(id))
  const isNew = ({ id }: Account): boolean => wasOutside?.has(id) === false
  const isMove = !isFirst && came.length + went.length > 0
  const moves = {
    at,
    letIn: nameThem(came.filter((account) => !isNew(account))),
    keptOut: nameThem(went.filter(({ id }) => isOutside.has(id))),
    addedInAws: nameThem(came.filter(isNew)),
    goneFromAws: nameThem(went.filter(({ id }) => !isOutside.has(id))),
  }
  const lastMoves = isMove ? moves : seen?.lastMoves
  return {
    seen: { outside: outsideIds.toSorted(), ...(lastMoves ? { lastMoves } : {}) },
    ...(isMove ? { moves } : {}),
  }
}

/** So many accounts are named in one event. */
const MAX_NAMED = 100

const nameThem = (accounts: readonly Account[]): NamedAccounts => ({
  count: accounts.length,
  names: accounts
    .map(({ id, name }) => `${name} (${id})`)
    .toSorted()
    .slice(0, MAX_NAMED),
})

export function accountsMoved(
  { at, letIn, keptOut, addedInAws, goneFromAws }: AccountMoves,
  organization: OrganizationId,
): AuditEvent {
  return auditEvent('aws_identity_center.accounts.moved', {
    time: at,
    subjects: [`organization:${organization}`],
    fields: {
      organization,
      let_in: letIn.names,
      let_in_count: letIn.count,
      kept_out: keptOut.names,
      kept_out_count: keptOut.count,
      added_in_aws: addedInAws.names,
      added_in_aws_count: addedInAws.count,
      gone_from_aws: goneFromAws.names,
      gone_from_aws_count: goneFromAws.count,
    },
  })
}
