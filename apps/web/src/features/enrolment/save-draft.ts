import { ApiProblem, type EnrolmentView } from '@gatehouse/api'
import { useMutation } from '@tanstack/react-query'
import { client, queryClient } from '../../app/client.ts'
import { enrolmentQuery } from './enrolment-query.ts'

type Given = EnrolmentView['given']
/** `null` takes back what was given. */
export type Changes = Omit<NonNullable<NonNullable<Parameters<typeof client.editEnrolment>[0]>['body']>, 'revision'>

/** Somebody else has given another value meanwhile. */
export class Overtaken extends Error {
  readonly by: string
  readonly theirs: unknown
  constructor(by: string, theirs: unknown) {
    super(`${by} has changed this meanwhile.`)
    this.name = 'Overtaken'
    this.by = by
    this.theirs = theirs
  }
}

export interface Edit {
  readonly changes: Changes
  /** What was there when somebody began to change it; absent: whatever is there is replaced. */
  readonly from?: Partial<Given>
  /** What he himself has chosen since, whether or not it could be saved. */
  readonly own?: Partial<Given>
}

/** Shows at once what the server has answered, and reads again what follows from it. */
export function keepEnrolment(enrolment: EnrolmentView): EnrolmentView {
  const { queryKey } = enrolmentQuery(enrolment.name)
  queryClient.setQueryData(queryKey, enrolment)
  for (const key of ['enrolment-preview', 'enrolment-source']) void readAnew([key, enrolment.name])
  void queryClient.invalidateQueries({ queryKey: ['enrolments'] })
  return enrolment
}

/** A first reading that is under way would be taken for a new one, and it began before the change. */
async function readAnew(queryKey: readonly string[]): Promise<void> {
  await queryClient.cancelQueries({ queryKey })
  await queryClient.invalidateQueries({ queryKey })
}

/** Two people may change different fields at the same time: only the same field of both is asked about. */
async function saveDraft(name: string, edit: Edit): Promise<EnrolmentView> {
  const params = { name }
  const { queryKey } = enrolmentQuery(name)
  let known = queryClient.getQueryData(queryKey) ?? (await client.getEnrolment({ params }))
  for (;;) {
    refuseToOvertake(known, edit)
    try {
      return keepEnrolment(await client.editEnrolment({ params, body: { ...edit.changes, revision: known.revision } }))
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== 'stale') throw error
      known = keepEnrolment(await client.getEnrolment({ params }))
    }
  }
}

function refuseToOvertake({ given, changedBy }: EnrolmentView, { changes, from, own = from }: Edit): void {
  if (!from) return
  // Its keys are fields; what else a change takes with it was nobody’s choice.
  for (const field of Object.keys(from) as (keyof Given)[]) {
    const known = [from[field], own?.[field], changes[field]]
    if (!known.some((value) => isSame(given[field], value))) throw new Overtaken(changedBy, given[field])
  }
}

export const isSame = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one ?? null) === JSON.stringify(other ?? null)

/** One after the other, whichever field they come from; what is done with the draft waits for them. */
export const inTurn = (name: string) => ({ scope: { id: `enrolment ${name}` } })

export const useSave = (name: string) =>
  useMutation({ ...inTurn(name), mutationFn: (edit: Edit) => saveDraft(name, edit) })
