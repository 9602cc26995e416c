import { auditEvent, DomainError, operationKey, type Operation, type Organization, removalOf } from '@gatehouse/domain'
import { pluginFields } from './plugin-fields.ts'
import { createHash } from 'node:crypto'
import { type Actor, actingAs, demand } from '../governance/actor.ts'
import { decide } from '../governance/decide.ts'
import type { GovernancePorts } from '../governance/governance-ports.ts'
import type { MadePlan } from '../reconcile/make-plan.ts'
import { viewOfOrganization } from '../governance/read-view.ts'

const KEPT = 50

type Operations = Pick<MadePlan, 'allowed' | 'held'>

/** Plans that somebody has been shown, by their hash, so that starting does nothing that was not on the screen. */
export interface ShownPlans {
  show(plan: MadePlan): string
  /** Of a plan that can't be started, such as one with other settings. */
  hashOf(plan: Operations): string
  /** Says whether every removal of a plan was in the one with this hash. */
  covers(hash: string, plan: MadePlan): boolean
}

export function createShownPlans(): ShownPlans {
  const shown = new Map<string, ReadonlySet<string>>()
  return {
    show(plan) {
      const hash = hashOf(operationsOf(plan))
      shown.delete(hash)
      shown.set(hash, removalsOf(plan))
      for (const oldest of shown.keys()) if (shown.size > KEPT) shown.delete(oldest)
      return hash
    },
    hashOf: (plan) => hashOf(operationsOf(plan)),
    covers(hash, plan) {
      if (hash === hashOf(operationsOf(plan))) return true
      const known = shown.get(hash)
      return known !== undefined && [...removalsOf(plan)].every((key) => known.has(key))
    },
  }
}

const operationsOf = ({ allowed, held }: Operations): readonly Operation[] => [
  ...allowed,
  ...held.map(({ operation }) => operation),
]

const removalsOf = (plan: MadePlan): ReadonlySet<string> =>
  new Set(operationsOf(plan).filter(removalOf).map(operationKey))

const hashOf = (operations: readonly Operation[]): string =>
  createHash('sha256').update(operations.map(operationKey).toSorted().join('\n')).digest('hex').slice(0, 32)

/** Lets Gatehouse write. @throws DomainError `plan-changed` when the plan removes what the shown one did not */
export async function startWriting(
  ports: Pick<GovernancePorts, 'store' | 'records' | 'clock'>,
  command: {
    readonly actor: Actor
    readonly organization: string
    readonly planHash: string
    readonly plan: MadePlan
    readonly shown: ShownPlans
  },
  signal: AbortSignal,
): Promise<Organization> {
  if (!command.shown.covers(command.planHash, command.plan)) {
    throw new DomainError({
      code: 'plan-changed',
      message: 'The plan removes something that the one you have read did not, or was made by another process.',
      remedy: 'Read the plan again ("tctl plan") and repeat with its hash.',
    })
  }
  return decide(
    ports,
    (reading) => {
      const { now } = reading
      const acting = actingAs(command.actor, reading)
      demand(acting, 'update', 'plugin')
      const { organization } = viewOfOrganization(reading, { name: command.organization })
      if (organization.mode === 'active') return { changes: [], events: [], result: organization }
      const result: Organization = { ...organization, mode: 'active', revision: organization.revision + 1 }
      return {
        changes: [{ put: 'organization', organization: result }],
        events: [
          auditEvent('plugin.update', {
            time: now,
            user: acting.name,
            subjects: [`organization:${result.id}`],
            fields: { ...pluginFields(result), plan: command.planHash },
          }),
        ],
        result,
      }
    },
    signal,
  )
}
