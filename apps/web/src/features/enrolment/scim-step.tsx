import type { EnrolmentView } from '@gatehouse/api'
import { Alert, Button, Checkbox, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { skipToken, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { required } from '../../components/complaints.ts'
import { client, queryClient } from '../../app/client.ts'
import { Problem } from '../../components/problem.tsx'
import { Section } from '../../components/section.tsx'
import { DraftInput, sayProblem } from './draft-text.tsx'
import { stepOf } from './enrolment-query.ts'
import { inTurn, keepEnrolment, useSave } from './save-draft.ts'
import { useAsked } from './use-asked.ts'
import { useChoice } from './use-choice.ts'

interface StepProps {
  readonly enrolment: EnrolmentView
}

/** Where users and groups are pushed, and with which token; both are tried. */
export function ScimStep({ enrolment }: StepProps) {
  return (
    <>
      <Section title="What you do in AWS">
        <ol className="clicks">
          <li>Open “IAM Identity Center”, “Settings”, and there “Automatic provisioning”: choose “Enable”.</li>
          <li>Copy the SCIM endpoint and the access token. AWS shows the token this once; it ends after a year.</li>
          <li>
            {enrolment.given.hybrid === true
              ? 'Leave the SCIM of your identity provider on: it goes on pushing users, and Gatehouse pushes groups beside it.'
              : 'If another identity provider pushes users by SCIM today, switch that off.'}
          </li>
        </ol>
      </Section>
      <Connection enrolment={enrolment} />
    </>
  )
}

type Tested = Omit<Awaited<ReturnType<typeof client.testScim>>, 'enrolment'>

const OUTCOMES: Readonly<Record<Tested['outcome'], string>> = {
  ok: 'AWS takes the address and the token',
  'not-an-endpoint': 'Not a SCIM endpoint of AWS',
  'another-instance': 'The endpoint of another instance',
  unauthorized: 'AWS does not take the token',
  'server-error': 'AWS is in trouble',
  unreachable: 'Nobody answers there',
}

const testKey = (name: string) => ['scim-test', name]

function Connection({ enrolment }: StepProps) {
  const { name } = enrolment
  const { data: result } = useQuery<Tested>({ queryKey: testKey(name), queryFn: skipToken })
  const test = useMutation({
    ...inTurn(name),
    mutationFn: () => client.testScim({ params: { name }, body: {} }),
    onSuccess({ enrolment: tested, ...found }) {
      keepEnrolment(tested)
      queryClient.setQueryData(testKey(name), found)
    },
  })
  const asked = useAsked(() => test.mutate())
  const last = stepOf(enrolment, 'scim')?.check
  return (
    <>
      <Section title="What you give us">
        <form {...asked.form}>
          <Stack maw={760}>
            <DraftInput
              enrolment={enrolment}
              field="scimUrl"
              label="SCIM endpoint"
              required
              isAsked={asked.isAsked}
              isMono
              placeholder="https://scim.eu-west-1.amazonaws.com/…/scim/v2"
            />
            <Token enrolment={enrolment} isAsked={asked.isAsked} />
            {(result?.outcome === 'not-an-endpoint' || enrolment.given.forceScimUrl === true) && (
              <Force enrolment={enrolment} />
            )}
            <Group>
              <Button type="submit" loading={test.isPending}>
                Test the connection
              </Button>
            </Group>
          </Stack>
        </form>
      </Section>
      <Section title="What we found">
        {test.isError && <Problem error={test.error} />}
        {!test.isError && <Found result={last ? result : undefined} last={last} />}
      </Section>
    </>
  )
}

function Found({
  result,
  last,
}: {
  readonly result: Tested | undefined
  readonly last: EnrolmentView['steps'][number]['check']
}) {
  if (!last)
    return (
      <Text size="sm" c="dimmed">
        The connection has not been tested with what is given now.
      </Text>
    )
  return (
    <Alert
      color={last.ok ? 'green' : 'red'}
      icon={last.ok ? <IconCircleCheck aria-hidden /> : <IconCircleX aria-hidden />}
      title={result ? OUTCOMES[result.outcome] : last.ok ? OUTCOMES.ok : 'The last test failed'}
      role="status"
    >
      <Text size="sm" className="wrap">
        {result?.message ?? last.message} {result?.remedy}
      </Text>
    </Alert>
  )
}

/** Goes to the server and never comes back; it is not kept in the browser either. */
function Token({ enrolment: { name, hasScimToken }, isAsked }: StepProps & { readonly isAsked: boolean }) {
  const save = useSave(name)
  const [token, setToken] = useState('')
  const [isLeft, setLeft] = useState(false)
  const missing = (isLeft || isAsked) && !hasScimToken && !save.isPending ? required(token) : undefined
  const problem = sayProblem(save.error) ?? missing
  const keep = (): void => {
    const given = token.trim()
    if (given === '' || (save.isPending && save.variables.changes.scimToken === given)) return
    // Another one that was pasted meanwhile is not kept yet.
    const clear = (): void => setToken((now) => (now.trim() === given ? '' : now))
    save.mutateAsync({ changes: { scimToken: given } }).then(clear, () => undefined) // what failed is said below
  }
  return (
    <PasswordInput
      label="Access token"
      description={
        hasScimToken
          ? 'One is kept, encrypted, for this endpoint. Another one takes its place; another endpoint takes another one.'
          : 'Give the endpoint first. Encrypted at rest, sent to that endpoint only, and never given out again.'
      }
      withAsterisk
      autoComplete="off"
      maxLength={8192}
      placeholder={hasScimToken ? '••••••••' : ''}
      value={token}
      error={problem}
      aria-invalid={problem === undefined ? undefined : true}
      visibilityToggleButtonProps={{ 'aria-label': 'Show the token' }}
      onChange={(event) => setToken(event.currentTarget.value)}
      onBlur={() => {
        setLeft(true)
        keep()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') keep()
      }}
    />
  )
}

function Force({ enrolment }: StepProps) {
  const force = useChoice(enrolment, 'forceScimUrl')
  return (
    <Checkbox
      label="Take this address although it does not look like one of AWS’s"
      description="The token is sent there. Only for a proxy of your own in front of AWS."
      checked={force.value ?? false}
      error={sayProblem(force.problem)}
      onChange={(event) => force.set(event.currentTarget.checked)}
    />
  )
}
