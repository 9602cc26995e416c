import type { EnrolmentView } from '@gatehouse/api'

type Step = EnrolmentView['steps'][number]
export type StepName = Step['step']

/** The guide's seven, as they are called here. */
export const STEPS: readonly { readonly step: StepName; readonly title: string }[] = [
  { step: 'aws', title: 'The AWS side' },
  { step: 'preview', title: 'What is there' },
  { step: 'identity-source', title: 'Identity source' },
  { step: 'scim', title: 'SCIM' },
  { step: 'verify', title: 'Verify' },
  { step: 'access', title: 'Roles people need' },
  { step: 'connect', title: 'Connect' },
]

export const titleOf = (step: StepName): string => STEPS.find((one) => one.step === step)?.title ?? step

/** Where somebody goes on: the first step that is not done. */
export const nextStepOf = ({ steps }: EnrolmentView): StepName =>
  steps.find(({ state }) => state !== 'done')?.step ?? 'connect'

/** How a step's state looks and what it is called. */
export const SAYS: Readonly<Record<Step['state'], readonly [state: string, label: string]>> = {
  done: ['confirmed', 'done'],
  open: ['open', 'to do'],
  failed: ['failed', 'failed'],
  later: ['ended', 'later'],
}
