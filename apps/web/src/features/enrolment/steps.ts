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

/** Fields as they are called on the pages. */
const FIELDS: Readonly<Record<string, string>> = {
  region: 'the Region',
  instanceArn: 'the instance ARN',
  roleArn: 'the role ARN',
  defaultOwners: 'owners of the lists',
  identitySource: 'the present identity source',
  serviceProviderMetadata: 'the service provider metadata',
  scimUrl: 'the SCIM endpoint',
  scimToken: 'the access token',
  integration: 'the integration name',
  roleName: 'the IAM role name',
  useSystemCredentials: 'system credentials',
  externalId: 'the external id',
  extras: 'ticked permissions',
  scopedToInstance: 'permissions for this instance only',
  accountFilter: 'which accounts',
  groupFilter: 'which groups',
  userFilter: 'which users',
  rolesSyncMode: 'roles for every account and permission set',
  hybrid: 'hybrid mode',
  serviceProviderName: 'the name of the service provider',
  forceScimUrl: 'an address that is not AWS’s',
  startUrl: 'the AWS access portal URL',
  portalUrl: 'the address that people open',
}
export const sayField = (field: string): string => FIELDS[field] ?? field

/** Fields that an organization is installed from, and in which step they are given. */
const GIVEN_IN: Readonly<Record<string, StepName>> = {
  region: 'aws',
  instanceArn: 'aws',
  roleArn: 'aws',
  defaultOwners: 'preview',
  accountFilter: 'preview',
  groupFilter: 'preview',
  userFilter: 'preview',
  serviceProviderMetadata: 'identity-source',
  startUrl: 'identity-source',
  portalUrl: 'identity-source',
  scimUrl: 'scim',
  scimToken: 'scim',
}
/** The step of a field, or of a part of it such as `accountFilter[0].pattern`. */
export const stepOfField = (field: string): StepName | undefined => GIVEN_IN[/^\w*/.exec(field)?.[0] ?? '']

/** `1. The AWS side` */
export const numbered = (step: StepName): string =>
  `${STEPS.findIndex((known) => known.step === step) + 1}. ${titleOf(step)}`

/** What a step has come to, and what is still needed for it. */
export const sayStep = ({
  missing,
  message,
}: {
  readonly missing: readonly string[]
  readonly message: string
}): string => (missing.length === 0 ? message : `Still needed: ${missing.map(sayField).join(', ')}.`)

/** How a step's state looks and what it is called. */
export const SAYS: Readonly<Record<Step['state'], readonly [state: string, label: string]>> = {
  done: ['confirmed', 'done'],
  open: ['open', 'to do'],
  failed: ['failed', 'failed'],
  later: ['ended', 'later'],
}
