import { confirmRemovals, type Duration, longestSession, type Removals, viewAfter, whatIsLost } from '@gatehouse/domain'
import { type Actor, actingAs } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import type { NamedMember } from './members-named.ts'
import { recordingRefusal } from './record-refusal.ts'
import { removalOfMembers } from './removal-of-members.ts'

export interface RemoveMembersCommand {
  readonly actor: Actor
  readonly list: string
  /** Names of users, ids of lists. */
  readonly members: readonly NamedMember[]
  readonly confirmRemovals?: number
  /** Only says what would come of it. */
  readonly dryRun?: boolean
}

export interface RemovedMembers {
  /** How many entries went. */
  readonly removed: number
  readonly removals: Removals
  /** How long credentials that are issued already go on, at most; absent where nothing is lost. */
  readonly longestSession: Duration | undefined
}

/**
 * Takes members out of a list: all of them, or none.
 * @throws DomainError `not-found` with every name that no entry has, `conflict`, `refused`, `too-many-removals`
 */
export async function removeMembers(
  ports: ReadPorts,
  command: RemoveMembersCommand,
  signal: AbortSignal,
): Promise<RemovedMembers> {
  const attempt = { event: 'access_list.member.delete', actor: command.actor, list: command.list } as const
  const work = () => decideRemoval(ports, command, signal)
  const decided = await (command.dryRun ? work() : recordingRefusal(ports, attempt, work, signal))
  // Worked out afterwards: while it is, others may change the records, and all would have to be decided again.
  const { list, members, removals, before, after, now } = decided
  const lost = whatIsLost(list, members, { before, after }, now)
  return { removed: members.length, removals, longestSession: longestSession(lost, before.catalogue) }
}

const decideRemoval = (ports: ReadPorts, command: RemoveMembersCommand, signal: AbortSignal) =>
  decide(
    ports,
    (reading) => {
      const { view: before, now } = reading
      const { list, members, changes, events } = removalOfMembers(command, actingAs(command.actor, reading), reading)
      const after = viewAfter(before, changes)
      // A dry run counts what would go; only doing it asks for the number.
      const removals = confirmRemovals(before, after, now, command.dryRun ? 'any' : command.confirmRemovals)
      const result = { list, members, removals, before, after, now }
      return command.dryRun ? { changes: [], events: [], result } : { changes, events, result }
    },
    signal,
  )
