import { createHash } from 'node:crypto'
import type { PlanView } from '@gatehouse/api'
import type { MadePlan } from '@gatehouse/application'
import {
  accountOfKey,
  DomainError,
  type DriftFinding,
  type HeldOperation,
  type Operation,
  operationKey,
  type View,
} from '@gatehouse/domain'
import { parseCursor } from './paging.ts'
import { presentOperation } from './present-operation.ts'
import { presentHeld } from './present-status.ts'

/** So many plans of more than a page are kept for those who are reading them. */
const KEPT = 8

type Head = Omit<PlanView, 'operations' | 'held' | 'notes' | 'counts' | 'totals' | 'next'>

/** A plan as it was when its first page was read. */
export interface ReadPlan {
  readonly head: Head
  readonly allowed: readonly Operation[]
  readonly held: readonly HeldOperation[]
  readonly notes: PlanView['notes']
  readonly catalogue: View['catalogue']
}

/** Plans by what is in them, so that the pages somebody reads one after the other are of one plan. */
export interface PlanPages {
  page(plan: ReadPlan, limit: number): PlanView
  /**
   * A further page: of the plan as it was read, or of the plan there is now if that is the same.
   * @throws DomainError `plan-changed` when neither is there
   */
  nextPage(
    asked: { readonly organization: string; readonly limit: number; readonly cursor: string },
    now: () => Promise<ReadPlan>,
  ): Promise<PlanView>
}

export function createPlanPages(): PlanPages {
  const kept = new Map<string, ReadPlan>()

  function keep(plan: ReadPlan): string {
    const id = idOf(plan)
    kept.delete(id)
    kept.set(id, plan)
    for (const oldest of kept.keys()) if (kept.size > KEPT) kept.delete(oldest)
    return id
  }

  return {
    page(plan, limit) {
      return pageOf(plan, { start: 0, limit, id: isLongerThan(plan, limit) ? keep(plan) : '' })
    },
    async nextPage({ organization, limit, cursor }, now) {
      const { start, id } = parsePlanCursor(cursor)
      const known = kept.get(id)
      if (known?.head.organization === organization) return pageOf(known, { start, limit, id })
      const plan = await now()
      if (keep(plan) === id) return pageOf(plan, { start, limit, id })
      throw new DomainError({
        code: 'plan-changed',
        message: 'The plan whose next page this would be is not kept any more, and the present one is another.',
        remedy: 'Read the plan again from its first page.',
      })
    },
  }
}

const isLongerThan = ({ allowed, held, notes }: ReadPlan, length: number): boolean =>
  allowed.length > length || held.length > length || notes.length > length

interface Place {
  readonly start: number
  readonly limit: number
  readonly id: string
}

function pageOf(plan: ReadPlan, { start, limit, id }: Place): PlanView {
  const { head, allowed, held, notes } = plan
  const end = start + limit
  const counts: Record<string, number> = {}
  for (const { kind } of allowed) counts[kind] = (counts[kind] ?? 0) + 1
  return {
    ...head,
    counts,
    totals: { operations: allowed.length, held: held.length, notes: notes.length },
    operations: allowed.slice(start, end).map((operation) => presentOperation(operation, plan)),
    held: held.slice(start, end).map((one) => presentHeld(one, plan)),
    notes: notes.slice(start, end),
    ...(isLongerThan(plan, end) ? { next: `p${end}.${id}` } : {}),
  }
}

function parsePlanCursor(text: string): { readonly start: number; readonly id: string } {
  const [place = '', id = ''] = text.split('.')
  return { start: parseCursor(place), id }
}

/** More than the plan's hash: what is held and in which order everything comes are in it, too. */
function idOf({ head, allowed, held, notes }: ReadPlan): string {
  const hash = createHash('sha256').update(`${head.organization}\n${head.hash}\n${allowed.length}\n`)
  for (const operation of allowed) hash.update(`${operationKey(operation)}\n`)
  for (const { operation, reason } of held) hash.update(`${operationKey(operation)} ${reason}\n`)
  for (const { message } of notes) hash.update(`${message}\n`)
  return hash.digest('hex').slice(0, 32)
}

const noteOf = ({ kind, message }: DriftFinding): ReadPlan['notes'][number] => ({
  kind: 'drift-reported',
  about: kind,
  message,
})

/** What of a plan is shown. */
export const readPlan = (
  { allowed, held, drift, plan, view }: Omit<MadePlan, 'linked'> & { readonly view: View },
  head: Head,
): ReadPlan => ({
  head,
  allowed,
  held,
  notes: [...plan.notes, ...drift.map(noteOf)],
  catalogue: view.catalogue,
})

/** The part of a plan that is about accounts whose name or id contains a text. */
export function onAccounts(plan: ReadPlan, text: string): ReadPlan {
  const wanted = text.trim().toLowerCase()
  const isOn = (operation: Operation): boolean => {
    if (!('grant' in operation)) return false
    const id = accountOfKey(operation.grant)
    const name = plan.catalogue.accounts.get(id)?.name ?? ''
    return `${id}\n${name}`.toLowerCase().includes(wanted)
  }
  return {
    ...plan,
    allowed: plan.allowed.filter(isOn),
    held: plan.held.filter(({ operation }) => isOn(operation)),
    notes: [],
  }
}
