import { confirmRemovals, viewAfter } from '@gatehouse/domain'
import { removalOfMember } from '../documents/remove-document.ts'
import { type Actor, actingAs } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { recordingRefusal } from './record-refusal.ts'

export interface RemoveMemberCommand {
  readonly actor: Actor
  readonly list: string
  readonly member: string
  readonly confirmRemovals?: number
}

/** Takes a member out of a list. @throws DomainError `not-found`, `refused`, `too-many-removals` for a whole list of people */
export async function removeMember(ports: ReadPorts, command: RemoveMemberCommand, signal: AbortSignal): Promise<void> {
  await recordingRefusal(
    ports,
    { event: 'access_list.member.delete', actor: command.actor, list: command.list },
    () =>
      decide(
        ports,
        (reading) => {
          const { view, now } = reading
          const removal = removalOfMember(
            `${command.list}/${command.member}`,
            actingAs(command.actor, reading),
            reading,
          )
          confirmRemovals(view, viewAfter(view, removal.changes), now, command.confirmRemovals)
          return { ...removal, result: undefined }
        },
        signal,
      ),
    signal,
  )
}
