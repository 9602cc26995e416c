import {
  type Applied,
  applyDocuments as applyTo,
  confirmRemovals,
  parseDocuments,
  type Removals,
  type UserId,
} from '@gatehouse/domain'
import { type Actor, actingAs } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { GovernancePorts } from '../governance/governance-ports.ts'
import type { SamlProtocol } from '../ports/saml.ts'

export interface ApplyDocumentsCommand {
  readonly actor: Actor
  /** YAML or JSON. */
  readonly source: string
  /** `create` refuses names that exist. */
  readonly mode: 'create' | 'replace'
  /** The number of removals that the caller has read and means. */
  readonly confirmRemovals?: number
  readonly dryRun?: boolean
}

export type AppliedDocuments = Pick<Applied, 'outcomes' | 'warnings'> & { readonly removals: Removals }

/**
 * Creates or replaces what the documents say: all of them, or none.
 * @throws DomainError what parsing and the rules say; `too-many-removals`
 */
export async function applyDocuments(
  ports: Pick<GovernancePorts, 'store' | 'records' | 'clock' | 'ids'> & {
    readonly saml: Pick<SamlProtocol, 'readServiceProvider'>
  },
  command: ApplyDocumentsCommand,
  signal: AbortSignal,
): Promise<AppliedDocuments> {
  const documents = parseDocuments(command.source)
  return decide(
    ports,
    ({ view, now }) => {
      const by = actingAs(command.actor, { view, now })
      // A UUID is a user id once somebody is given it.
      const newUserId = (): UserId => ports.ids.uuid() as UserId
      const applied = applyTo(documents, {
        view,
        now,
        mode: command.mode,
        by,
        newUserId,
        readServiceProvider: ports.saml.readServiceProvider,
      })
      // A dry run counts what it would remove; only doing it asks for the number.
      const confirmed = command.dryRun ? 'any' : command.confirmRemovals
      const removals = confirmRemovals(view, applied.after, now, confirmed)
      const result = { outcomes: applied.outcomes, warnings: applied.warnings, removals }
      return command.dryRun ? { changes: [], events: [], result } : { ...applied, result }
    },
    signal,
  )
}
