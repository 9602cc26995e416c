import type { EnrolmentView } from '@gatehouse/api'
import { Stack, Text } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { formatCount } from '../../components/format-count.ts'
import { organizationQuery, planQuery } from '../organizations/organizations-query.ts'
import { lockedOutQuery } from './enrolment-query.ts'
import type { StepName } from './steps.ts'

/** Always there, and always true: what this step does to AWS and to people. */
export function WhatChanges({ enrolment, step }: { readonly enrolment: EnrolmentView; readonly step: StepName }) {
  return (
    <Stack gap={2} component="section" aria-label="What this changes">
      <Text size="sm" fw={600}>
        What this changes
      </Text>
      <Text size="sm" c="dimmed" role="status">
        <Words enrolment={enrolment} step={step} />
      </Text>
    </Stack>
  )
}

function Words({ enrolment, step }: { readonly enrolment: EnrolmentView; readonly step: StepName }) {
  switch (step) {
    case 'aws':
      return 'An OIDC provider and a role in AWS, made by the script that you run. The check only reads.'
    case 'preview':
    case 'scim':
      return 'Nothing in AWS.'
    case 'identity-source':
      if (enrolment.given.hybrid === true) return 'Nothing: Identity Center keeps its identity source.'
      return <SignIn enrolment={enrolment} />
    case 'verify':
      return enrolment.installed ? (
        <PlanWords name={enrolment.name} />
      ) : (
        'Nothing in AWS: it is read, and lists are made here from its groups. Nothing is written until you start.'
      )
    case 'access':
      return 'Who may sign in to AWS, and what those who have the role find there.'
    case 'connect':
      return 'Nothing: you sign in as anybody does.'
  }
}

const CHANGE = 'How everybody signs in to AWS, once you change it in the console.'

function SignIn({ enrolment }: { readonly enrolment: EnrolmentView }) {
  const canRead = ['region', 'instanceArn', 'roleArn'].every((field) => field in enrolment.given)
  const { data } = useInfiniteQuery({ ...lockedOutQuery(enrolment.name, undefined), enabled: canRead, retry: false })
  const counts = data?.pages[0]
  if (!counts) return CHANGE
  const { lockedOut, users } = counts
  return `${CHANGE} ${formatCount(lockedOut)} of ${formatCount(users)} people could not today.`
}

function PlanWords({ name }: { readonly name: string }) {
  const { data } = useInfiniteQuery(planQuery(name))
  const organization = useQuery(organizationQuery(name)).data
  if (organization?.mode === 'active') return 'Gatehouse writes to AWS: what is decided here is in AWS within seconds.'
  const plan = data?.pages[0]
  if (plan?.sweptAt === undefined) return 'Nothing. What starting would change is known once AWS has been read.'
  const { operations } = plan.totals
  return operations === 0
    ? 'Nothing until you start. As things are, starting changes nothing either.'
    : `Nothing until you start; then the plan: ${formatCount(operations)} ${operations === 1 ? 'change' : 'changes'} in AWS.`
}
