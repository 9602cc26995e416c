import {
  type Instant,
  type Member,
  memberName,
  type Subject,
  whatWouldBeLost,
  type WouldBeLost,
} from '@gatehouse/domain'
import { type Actor, actingAs } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView, type Reading } from '../governance/read-view.ts'
import { getReviewedList } from '../governance/visibility.ts'
import type { AuditLog } from '../ports/audit-log.ts'

/** What a reviewer has to know of one entry to decide about it. */
export interface ReviewRow {
  readonly member: Member
  readonly name: string
  readonly lost: WouldBeLost
  /** Absent for lists, for people whom only AWS knows, and for those who never did. */
  readonly lastSignIn: Instant | undefined
}

/**
 * Some entries of a list by name, as its reviewers want to see them: what each would lose is worked out row by row.
 * @throws DomainError `not-found`, `refused`
 */
export async function listReviewRows(
  ports: ReadPorts & { readonly auditLog: Pick<AuditLog, 'lastSignIns'> },
  query: {
    readonly actor: Actor
    readonly list: string
    readonly start: number
    readonly limit: number
    /** Only the entry of this name. */
    readonly member?: string | undefined
  },
  signal: AbortSignal,
): Promise<{ readonly rows: readonly ReviewRow[]; readonly total: number; readonly reading: Reading }> {
  const reading = await readView(ports, signal)
  const { view, now } = reading
  const list = getReviewedList(query.list, actingAs(query.actor, reading), reading)
  const asked = query.member?.toLowerCase()
  const entries = list.members
    .map((member) => ({ member, name: memberName(member, view) }))
    .filter(({ name }) => asked === undefined || name.toLowerCase() === asked)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const page = entries.slice(query.start, query.start + query.limit)
  const users = page.flatMap(({ member }): Subject[] => (member.kind === 'user' ? [`user:${member.user}`] : []))
  const signIns = await ports.auditLog.lastSignIns(users, signal)
  const rows = page.map(({ member, name }) => ({
    member,
    name,
    lost: whatWouldBeLost(list, member, view, now),
    lastSignIn: member.kind === 'user' ? signIns.get(`user:${member.user}`) : undefined,
  }))
  return { rows, total: entries.length, reading }
}
