import {
  applyDocuments,
  type Instant,
  type MemberDocument,
  readNoServiceProvider,
  type UserId,
} from '@gatehouse/domain'
import { type Actor, actingAs } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { GovernancePorts } from '../governance/governance-ports.ts'
import { getManagedList } from '../governance/visibility.ts'
import { recordingRefusal } from './record-refusal.ts'

export interface AddMemberCommand {
  readonly actor: Actor
  readonly list: string
  /** A user's name or a list's. */
  readonly member: { readonly kind: 'user' | 'list'; readonly name: string }
  readonly expires?: Instant
  readonly reason: string
}

/**
 * Puts a user or a list into a list, or changes until when and why.
 * @throws DomainError `not-found`, `refused`, `cycle`, `too-deep`
 */
export async function addMember(
  ports: Pick<GovernancePorts, 'store' | 'records' | 'clock' | 'ids'>,
  command: AddMemberCommand,
  signal: AbortSignal,
): Promise<void> {
  await recordingRefusal(
    ports,
    { event: 'access_list.member.create', actor: command.actor, list: command.list },
    () =>
      decide(
        ports,
        (reading) => {
          const by = actingAs(command.actor, reading)
          const list = getManagedList(command.list, by, reading)
          const document: MemberDocument = {
            kind: 'access_list_member',
            list: list.id,
            member: command.member,
            ...(command.expires === undefined ? {} : { expires: command.expires }),
            reason: command.reason,
          }
          const newUserId = (): UserId => ports.ids.uuid() as UserId // never asked for: a member is a user already
          const { view, now } = reading
          const applied = applyDocuments([{ document, line: 1, warnings: [] }], {
            view,
            now,
            mode: 'replace',
            by,
            newUserId,
            readServiceProvider: readNoServiceProvider,
          })
          return { ...applied, result: undefined }
        },
        signal,
      ),
    signal,
  )
}
