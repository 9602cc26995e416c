import type { OperationView, PlanView } from '@gatehouse/api'
import { type Paint, printable } from '@gatehouse/cli-kit'

/**
 * A plan as a diff: what is added, removed and changed, then what waits, then the totals and the hash.
 *
 * @param account what accounts were chosen by, where it is a part of the plan
 */
export function describePlan(plan: PlanView, paint: Paint, account?: string): string {
  const { operations, held, notes } = plan
  const blocks = [
    operations.map((operation) => describeOperation(operation, paint)),
    held.length === 0
      ? []
      : [
          'Held back until somebody releases it:',
          ...held.map(({ operation, reason }) => `${describeOperation(operation, paint)}\n    ${printable(reason)}`),
        ],
    notes.length === 0 ? [] : ['To look at:', ...notes.map((note) => `! ${printable(note.message)}`)],
    describeTotals(plan, account),
  ]
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function describeOperation(operation: OperationView, paint: Paint): string {
  const cause = operation.cause === undefined ? '' : ` (${printable(operation.cause)})`
  const line = `${SIGNS[changeOf(operation)]} ${printable(operation.summary)}${cause}`
  return paint[changeOf(operation)](line)
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const

function changeOf({ kind, removes }: OperationView): keyof typeof SIGNS {
  if (removes) return 'removed'
  return kind === 'update-user' || kind === 'rename-group' ? 'changed' : 'added'
}

function describeTotals(
  { organization, mode, hash, sweptAt, operations, held, notes }: PlanView,
  account: string | undefined,
): string[] {
  const count = (change: keyof typeof SIGNS) => operations.filter((operation) => changeOf(operation) === change).length
  const isReported = notes.some(({ kind }) => kind === 'drift-reported')
  const waiting = held.length === 0 ? '' : `, ${held.length} held back`
  const shadow = mode === 'shadow' ? ` Nothing is written until "tctl plugins start --plan ${hash}".` : ''
  if (account !== undefined)
    return [
      `On accounts with "${printable(account)}" in their name or id: ${count('added')} to add, ${count('removed')} to remove${waiting}.`,
      'This is a part of the plan; "tctl plan" shows all of it, and the hash to start with.',
    ]
  return [
    operations.length + held.length === 0
      ? isReported
        ? 'Nothing to change: what was changed in AWS is reported, and stays as it is.'
        : 'Nothing to change: AWS equals the decisions.'
      : `Plan: ${count('added')} to add, ${count('removed')} to remove, ${count('changed')} to change${waiting}.`,
    `Organization ${printable(organization)} is in ${mode} mode; AWS was read ${sweptAt === undefined ? 'never' : `at ${sweptAt}`}.${shadow}`,
    `Hash: ${hash}`,
  ]
}
