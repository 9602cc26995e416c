import type { EnrolmentView } from '@gatehouse/api'
import { Alert, Box, Button, Flex, Group, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Navigate } from '@tanstack/react-router'
import { useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { Confirm } from '../../components/confirm.tsx'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { State } from '../../components/state.tsx'
import { Time } from '../../components/time.tsx'
import { showToast } from '../../components/toasts.tsx'
import { AccessStep } from './access-step.tsx'
import { AwsStep } from './aws-step.tsx'
import { ConnectStep } from './connect-step.tsx'
import { enrolmentQuery, stepOf } from './enrolment-query.ts'
import { IdentityStep } from './identity-step.tsx'
import { PreviewStep } from './preview-step.tsx'
import { ScimStep } from './scim-step.tsx'
import { StepList } from './step-list.tsx'
import { nextStepOf, SAYS, type StepName, STEPS, titleOf } from './steps.ts'
import { VerifyStep } from './verify-step.tsx'
import { WhatChanges } from './what-changes.tsx'

const route = getRouteApi('/organizations/$name/enrolment')
const stepRoute = getRouteApi('/organizations/$name/enrolment/$step')

/** Where an enrolment is gone on with. */
export function EnrolmentPage() {
  const { name } = route.useParams()
  const query = useQuery(enrolmentQuery(name))
  return (
    <Loaded query={query} page="enrolment">
      {(enrolment) => (
        <Navigate replace to="/organizations/$name/enrolment/$step" params={{ name, step: nextStepOf(enrolment) }} />
      )}
    </Loaded>
  )
}

export function EnrolmentStepPage() {
  const { name, step: asked } = stepRoute.useParams()
  const query = useQuery(enrolmentQuery(name))
  const step = STEPS.find((known) => known.step === asked)?.step ?? 'aws'
  return (
    <Loaded query={query} page="enrolment">
      {(enrolment) => <Wizard enrolment={enrolment} step={step} />}
    </Loaded>
  )
}

function Wizard({ enrolment, step }: { readonly enrolment: EnrolmentView; readonly step: StepName }) {
  const { state = 'later', message = '', check } = stepOf(enrolment, step) ?? {}
  const [looks, label] = SAYS[state]
  return (
    <Page title={`Enrol ${enrolment.name}`} actions={<Leave enrolment={enrolment} />}>
      <Flex direction={{ base: 'column', md: 'row' }} gap={{ base: 'md', md: 'xl' }}>
        <Stack w={{ base: '100%', md: 250 }} flex="none" gap="md">
          <StepList enrolment={enrolment} current={step} />
          <WhatChanges enrolment={enrolment} step={step} />
          <Text size="xs" c="dimmed">
            Everything is kept. Last changed by {enrolment.changedBy} <Time at={enrolment.changedAt} />.
          </Text>
        </Stack>
        <Box flex={1} miw={0}>
          <Stack gap="lg" component="section" aria-label={titleOf(step)}>
            <Group gap="sm">
              <Title order={2}>{titleOf(step)}</Title>
              <State state={looks} label={label} />
              {check && (
                <Text size="sm" c="dimmed">
                  checked <Time at={check.at} />
                </Text>
              )}
            </Group>
            {enrolment.installed &&
              BEFORE.has(step) &&
              (state === 'done' ? <NoEffect name={enrolment.name} /> : <ProviderLeft message={message} />)}
            <StepBody key={step} enrolment={enrolment} step={step} />
            <Neighbours key={`to ${step}`} name={enrolment.name} step={step} />
          </Stack>
        </Box>
      </Flex>
    </Page>
  )
}

/** The steps that the organization is installed from. */
const BEFORE = new Set<StepName>(['aws', 'preview', 'identity-source', 'scim'])

function NoEffect({ name }: { readonly name: string }) {
  return (
    <Alert color="blue" icon={<IconInfoCircle aria-hidden />} title="The organization is installed.">
      What is changed in this step has no effect on it any more: its{' '}
      <PageLink to="/organizations/$name" params={{ name }} search={{ tab: 'settings' }} size="sm">
        settings
      </PageLink>{' '}
      are on its own page.
    </Alert>
  )
}

/** Of the steps that it was installed from only the identity source can be left to do. */
function ProviderLeft({ message }: { readonly message: string }) {
  return (
    <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={message}>
      The organization is installed, so what is given in this step has no effect on it any more.{' '}
      <PageLink to="/service-providers" search={{ add: true }} size="sm">
        Add a service provider
      </PageLink>{' '}
      with the preset “AWS IAM Identity Center” and the metadata of AWS’s console.
    </Alert>
  )
}

function StepBody({ enrolment, step }: { readonly enrolment: EnrolmentView; readonly step: StepName }) {
  switch (step) {
    case 'aws':
      return <AwsStep enrolment={enrolment} />
    case 'preview':
      return <PreviewStep enrolment={enrolment} />
    case 'identity-source':
      return <IdentityStep enrolment={enrolment} />
    case 'scim':
      return <ScimStep enrolment={enrolment} />
    case 'verify':
      return <VerifyStep enrolment={enrolment} />
    case 'access':
      return <AccessStep enrolment={enrolment} />
    case 'connect':
      return <ConnectStep enrolment={enrolment} />
  }
}

/** Steps may be done in any order. */
function Neighbours({ name, step }: { readonly name: string; readonly step: StepName }) {
  const index = STEPS.findIndex((known) => known.step === step)
  const [before, after] = [STEPS[index - 1], STEPS[index + 1]]
  return (
    <Group justify="space-between">
      {before ? (
        <Button
          variant="default"
          renderRoot={(props) => (
            <Link to="/organizations/$name/enrolment/$step" params={{ name, step: before.step }} {...props} />
          )}
        >
          Back: {before.title}
        </Button>
      ) : (
        <span />
      )}
      {after && (
        <Button
          variant="light"
          renderRoot={(props) => (
            <Link to="/organizations/$name/enrolment/$step" params={{ name, step: after.step }} {...props} />
          )}
        >
          Next: {after.title}
        </Button>
      )}
    </Group>
  )
}

/** The draft goes, and nothing else: an organization that it has installed stays. */
function Leave({ enrolment: { name, installed } }: { readonly enrolment: EnrolmentView }) {
  const [isOpen, setOpen] = useState(false)
  const navigate = stepRoute.useNavigate()
  const verb = installed ? 'Close the enrolment' : 'Remove the enrolment'
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        {verb}
      </Button>
      <Confirm
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={`${verb} of "${name}"?`}
        verb={verb}
        run={() => client.deleteEnrolment({ params: { name } })}
        onDone={() => {
          showToast(installed ? `The enrolment of "${name}" is closed.` : `The enrolment of "${name}" is removed.`)
          void queryClient.invalidateQueries({ queryKey: ['enrolments'] })
          void (installed
            ? navigate({ to: '/organizations/$name', params: { name } })
            : navigate({ to: '/organizations' }))
        }}
      >
        <Text size="sm">
          {installed
            ? 'The organization stays as it is; only these steps go. What they show is on its own page, too.'
            : 'What was given here goes, the SCIM token with it. What the script has made in AWS stays there.'}
        </Text>
      </Confirm>
    </>
  )
}
