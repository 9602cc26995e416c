import type { EnrolmentCheck, EnrolmentDraft, EnrolmentGiven } from './draft.ts'

/** The guide's seven, in its order. The last three come after the organization is installed. */
export const ENROLMENT_STEPS = ['aws', 'preview', 'identity-source', 'scim', 'verify', 'access', 'connect'] as const
export type EnrolmentStep = (typeof ENROLMENT_STEPS)[number]

export interface StepState {
  readonly step: EnrolmentStep
  /** `later`: it comes once the steps before are done. */
  readonly state: 'done' | 'open' | 'failed' | 'later'
  readonly message: string
  /** Fields that are still needed. */
  readonly missing: readonly string[]
  readonly check?: EnrolmentCheck
}

/** What is known of the organization once the draft is installed. */
export interface Installed {
  /** Why AWS could not be read. */
  readonly failure?: string
  readonly isAdopted: boolean
  readonly isActive: boolean
  /** Whether anybody has a role that lets him sign in to AWS. */
  readonly canSignIn: boolean
  /** Whether AWS is an application that people sign in to here. */
  readonly hasServiceProvider: boolean
  /** Whether anybody was signed in to AWS from here since the organization was installed. */
  readonly hasSignedIn: boolean
}

/** Why what was given can not be used. */
export interface ProblemsOfDraft {
  readonly owners?: string | undefined
  readonly metadata?: string | undefined
}

/** Where an enrolment stands. Steps may be done in any order; installing takes the first four. */
export function stepsOf(
  draft: EnrolmentDraft,
  installed: Installed | undefined,
  problems: ProblemsOfDraft = {},
): readonly StepState[] {
  if (installed) return installedSteps(draft, installed)
  const first = [
    awsStep(draft),
    previewStep(draft, problems.owners),
    identitySourceStep(draft, problems.metadata),
    scimStep(draft),
  ]
  const isReady = first.every(({ state }) => state === 'done')
  const waiting = isReady ? 'Install the organization first.' : 'Comes after the first four steps.'
  return [
    ...first,
    { step: 'verify', state: isReady ? 'open' : 'later', message: waiting, missing: [] },
    { step: 'access', state: 'later', message: waiting, missing: [] },
    { step: 'connect', state: 'later', message: waiting, missing: [] },
  ]
}

const awsStep = ({ given, checks }: EnrolmentDraft): StepState =>
  checkedStep(
    'aws',
    lacking(given, ['region', 'instanceArn', 'roleArn']),
    checks.aws,
    'Check the permissions of the role.',
  )

function previewStep({ given }: EnrolmentDraft, problem: string | undefined): StepState {
  const missing = (given.defaultOwners ?? []).length === 0 ? ['defaultOwners'] : []
  if (problem !== undefined) return { step: 'preview', state: 'failed', message: problem, missing }
  const message = missing.length > 0 ? 'Choose who owns the lists made from groups.' : 'Owners are chosen.'
  return { step: 'preview', state: missing.length > 0 ? 'open' : 'done', message, missing }
}

/** The metadata may be added later; without it nobody signs in to AWS through Gatehouse, so it is asked for. */
function identitySourceStep({ given }: EnrolmentDraft, problem: string | undefined): StepState {
  if (given.hybrid) {
    const message = 'Hybrid mode: Identity Center keeps its identity source.'
    return { step: 'identity-source', state: 'done', message, missing: [] }
  }
  const missing = lacking(given, ['identitySource', 'serviceProviderMetadata'])
  if (problem !== undefined) return { step: 'identity-source', state: 'failed', message: problem, missing }
  const message = missing.length > 0 ? 'Tell the present source, and give the metadata.' : 'The metadata is given.'
  return { step: 'identity-source', state: missing.length > 0 ? 'open' : 'done', message, missing }
}

function scimStep({ given, hasScimToken, checks }: EnrolmentDraft): StepState {
  const missing = [...lacking(given, ['scimUrl']), ...(hasScimToken ? [] : ['scimToken'])]
  return checkedStep('scim', missing, checks.scim, 'Test the connection.')
}

function checkedStep(
  step: EnrolmentStep,
  missing: readonly string[],
  check: EnrolmentCheck | undefined,
  todo: string,
): StepState {
  if (missing.length > 0) return { step, state: 'open', message: `Still needed: ${missing.join(', ')}.`, missing }
  if (!check) return { step, state: 'open', message: todo, missing }
  return { step, state: check.isOk ? 'done' : 'failed', message: check.message, missing, check }
}

const PROVIDER_LEFT =
  'Nobody can sign in to AWS through Gatehouse until the metadata is added: make a service provider with it.'

/** It was left for later when the organization was installed, or has gone since. */
const isProviderLeft = ({ given }: EnrolmentDraft, { hasServiceProvider }: Installed): boolean =>
  !(given.hybrid ?? false) && !hasServiceProvider

function installedSteps(draft: EnrolmentDraft, installed: Installed): readonly StepState[] {
  const { failure, isAdopted, isActive, canSignIn } = installed
  const done = (step: EnrolmentStep): StepState => ({ step, state: 'done', message: 'Done.', missing: [] })
  const reading = 'AWS is being read; lists fill up as groups become lists.'
  const shadow = 'Read the plan, and let Gatehouse write to AWS once it is what you want.'
  const needsRole = !(draft.given.hybrid ?? false) && !canSignIn
  return [
    done('aws'),
    done('preview'),
    isProviderLeft(draft, installed)
      ? { step: 'identity-source', state: 'open', message: PROVIDER_LEFT, missing: [] }
      : done('identity-source'),
    done('scim'),
    !isAdopted && failure !== undefined
      ? { step: 'verify', state: 'failed', message: `AWS could not be read: ${failure}`, missing: [] }
      : {
          step: 'verify',
          state: isAdopted && isActive ? 'done' : 'open',
          message: isAdopted ? (isActive ? 'Gatehouse writes to AWS.' : shadow) : reading,
          missing: [],
        },
    needsRole
      ? { step: 'access', state: 'open', message: 'Nobody has a role that lets them sign in to AWS yet.', missing: [] }
      : done('access'),
    connectStep(draft, installed),
  ]
}

/** Done once somebody was signed in; before, what is in the way of that, the first thing first. */
function connectStep({ given }: EnrolmentDraft, { canSignIn, hasServiceProvider, hasSignedIn }: Installed): StepState {
  const step = 'connect'
  if (given.hybrid) {
    const message = 'Hybrid mode: people sign in to AWS at their own identity provider, as before.'
    return { step, state: 'done', message, missing: [] }
  }
  if (hasSignedIn)
    return { step, state: 'done', message: 'Somebody has signed in to AWS through Gatehouse.', missing: [] }
  const message = !hasServiceProvider
    ? "Gatehouse has no service provider for AWS's access portal: make one with the metadata from its console."
    : canSignIn
      ? 'Nobody has signed in to AWS through Gatehouse yet. Do so once.'
      : 'Nobody can sign in to AWS through Gatehouse: give somebody the role that lets them, in the step before.'
  return { step, state: 'open', message, missing: [] }
}

const lacking = (given: EnrolmentGiven, fields: readonly (keyof EnrolmentGiven)[]): readonly string[] =>
  fields.filter((field) => given[field] === undefined || given[field] === '')
