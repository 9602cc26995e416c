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

/** Whose plan it is, and what it does. */
type OwnedPlan = Operations & { readonly input: { readonly view: { readonly organization: Organization } } }

/**
 * Plans that somebody has been shown, by their hash, so that starting does nothing that was not on the screen. What is read
 * of one organization starts nothing in another, nor in one that was enrolled again under its name.
 */
export interface ShownPlans {
  show(plan: OwnedPlan): string
  /** Of a plan that can't be started, such as one with other settings. */
  hashOf(plan: Operations, organization: Organization): string
  /** Says whether every removal of a plan was in the one with this hash. */
  covers(hash: string, plan: OwnedPlan): boolean
}

export function createShownPlans(): ShownPlans {
  const shown = new Map<string, { readonly of: string; readonly removals: ReadonlySet<string> }>()
  const hashOfMade = (plan: OwnedPlan): string => hashOf(operationsOf(plan), organizationOf(plan))
  return {
    show(plan) {
      const hash = hashOfMade(plan)
      shown.delete(hash)
      shown.set(hash, { of: enrolmentOf(organizationOf(plan)), removals: removalsOf(plan) })
      for (const oldest of shown.keys()) if (shown.size > KEPT) shown.delete(oldest)
      return hash
    },
    hashOf: (plan, organization) => hashOf(operationsOf(plan), organization),
    covers(hash, plan) {
      if (hash === hashOfMade(plan)) return true
      const known = shown.get(hash)
      if (known?.of !== enrolmentOf(organizationOf(plan))) return false
      return [...removalsOf(plan)].every((key) => known.removals.has(key))
    },
  }
}

const organizationOf = ({ input }: OwnedPlan): Organization => input.view.organization

/** An organization that was enrolled again has its former id. */
const enrolmentOf = ({ id, createdAt }: Organization): string => `${id} ${createdAt}`

const operationsOf = ({ allowed, held }: Operations): readonly Operation[] => [
  ...allowed,
  ...held.map(({ operation }) => operation),
]

const removalsOf = (plan: OwnedPlan): ReadonlySet<string> =>
  new Set(operationsOf(plan).filter(removalOf).map(operationKey))

const hashOf = (operations: readonly Operation[], organization: Organization): string =>
  createHash('sha256')
    .update([enrolmentOf(organization), ...operations.map(operationKey).toSorted()].join('\n'))
    .digest('hex')
    .slice(0, 32)

/** Lets Gatehouse write. @throws DomainError `plan-changed` when the plan removes what the shown one did not */
export async function startWriting(
  ports: Pick<GovernancePorts, 'store' | 'records' | 'clock'>,
  command: {
    readonly actor: Actor
    readonly organization: string
    readonly planHash: string
    readonly plan: OwnedPlan
    readonly shown: ShownPlans
  },
  signal: AbortSignal,
): Promise<Organization> {
  if (!command.shown.covers(command.planHash, command.plan)) throw planChanged()
  return decide(
    ports,
    (reading) => {
      const { now } = reading
      const acting = actingAs(command.actor, reading)
      demand(acting, 'update', 'plugin')
      const { organization } = viewOfOrganization(reading, { name: command.organization })
      if (enrolmentOf(organization) !== enrolmentOf(organizationOf(command.plan))) throw planChanged()
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

const planChanged = (): DomainError =>
  new DomainError({
    code: 'plan-changed',
    message:
      'The plan removes something that the one you have read did not, is of another organization, or was made by another process.',
    remedy: 'Read the plan again ("tctl plan") and repeat with its hash.',
  })
