import { ApiProblem, type EnrolmentView } from '@gatehouse/api'
import { Alert, Button, Checkbox, Group, List, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { useSession } from '../../app/session.ts'
import { sayPart } from '../../components/filter-editor.tsx'
import { NO_PLACE } from '../../components/complaints.ts'
import { Facts } from '../../components/facts.tsx'
import { PageLink } from '../../components/link.tsx'
import { Problem } from '../../components/problem.tsx'
import { Section } from '../../components/section.tsx'
import { useFields } from '../../components/use-fields.ts'
import { identitySourceQuery } from './enrolment-query.ts'
import { inTurn, isSame } from './save-draft.ts'
import { numbered, sayField, sayStep, type StepName, stepOfField } from './steps.ts'

interface InstallProps {
  readonly enrolment: EnrolmentView
}
type Given = EnrolmentView['given']

/** What will be installed, and nothing else: what others change while somebody looks at it is shown to him first. */
export function Install({ enrolment }: InstallProps) {
  const { name, given } = enrolment
  const me = useSession()?.user.name
  const [seen, setSeen] = useState(enrolment)
  const [isWithout, setWithout] = useState(false)
  const lacksMetadata = given.hybrid !== true && given.serviceProviderMetadata === undefined
  const fields = useFields({
    values: { isWithout, before: enrolment.revision },
    places: { isWithout: lacksMetadata ? 'serviceProviderMetadata' : NO_PLACE, before: NO_PLACE },
    wrong: {
      isWithout: lacksMetadata && !isWithout ? 'Give the metadata in step 3, or tick this.' : undefined,
      before: enrolment.steps.some(isLacking) ? 'Something is missing.' : undefined,
    },
  })
  const finish = useMutation({
    ...inTurn(name),
    mutationFn: () =>
      client.finishEnrolment({
        params: { name },
        body: { revision: enrolment.revision, withoutServiceProvider: isWithout && lacksMetadata },
      }),
    onSuccess: () => readAgain([['enrolment', name], ['organizations'], ['enrolments'], ['organization', name]]),
    onError(error) {
      fields.refuse(error)
      return error instanceof ApiProblem && error.code === 'stale' ? readAgain([['enrolment', name]]) : undefined
    },
  })
  // What was typed in the step before may be saved a moment after this one is shown.
  const isMine = !finish.isError && enrolment.changedBy === me && enrolment.revision === seen.revision + 1
  const isChanged = enrolment.revision !== seen.revision && !isMine
  return (
    <Section title="What happens now">
      <form {...fields.form} onSubmit={fields.onSubmit(() => finish.mutate())}>
        <Stack maw={760}>
          <Text size="sm">
            Gatehouse reads AWS and makes access lists from its groups. Nothing is written to AWS: the plan shows what
            would change, for as long as you like.
          </Text>
          <WhatIsInstalled enrolment={enrolment} isWithout={lacksMetadata} />
          <Undone enrolment={enrolment} isAsked={fields.at('before').error !== undefined} />
          {lacksMetadata && (
            <Checkbox
              label="Leave the service provider for later"
              description="Until it is made, nobody signs in to AWS through Gatehouse."
              checked={isWithout}
              {...fields.at('isWithout')}
              onChange={(event) => setWithout(event.currentTarget.checked)}
            />
          )}
          {fields.problem !== undefined && <Refused name={name} error={fields.problem} />}
          {isChanged && (
            <Changed
              before={seen}
              now={enrolment}
              onSeen={() => {
                setSeen(enrolment)
                finish.reset()
                fields.reset()
              }}
            />
          )}
          <Group>
            <Button type="submit" loading={finish.isPending} disabled={isChanged}>
              Install in shadow mode
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}

const readAgain = (keys: readonly (readonly string[])[]) =>
  Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })))

function WhatIsInstalled({ enrolment, isWithout }: InstallProps & { readonly isWithout: boolean }) {
  const { name, given } = enrolment
  const { data: source } = useQuery(identitySourceQuery(name))
  const provided = given.hybrid === true || isWithout ? undefined : source?.theirs
  return (
    <Facts
      facts={[
        ['Instance', given.instanceArn],
        ['Region', given.region],
        ['Role', given.roleArn],
        ['Owners', given.defaultOwners?.join(', ')],
        ['Accounts', sayFilter(given.accountFilter)],
        ['Groups taken over as lists', given.rolesSyncMode === 'NONE' ? 'none' : sayFilter(given.groupFilter)],
        [
          'Users pushed',
          given.hybrid === true ? 'none: another identity provider does it' : sayUsers(given.userFilter),
        ],
        ['Roles for every account and permission set', given.rolesSyncMode === 'NONE' ? 'no' : 'yes'],
        ['SCIM', given.scimUrl],
        ['Service provider', provided && (given.serviceProviderName ?? name)],
        ['Its entity id', provided?.entityId],
        ['Sign-ins are sent to', provided?.acsUrls.join(', ')],
      ]}
    />
  )
}

const sayFilter = (filter: Given['accountFilter']): string =>
  filter === undefined || filter.length === 0 ? 'all' : filter.map(sayPart).join('; ')

const sayUsers = (filter: Given['userFilter']): string =>
  filter === undefined || filter.length === 0
    ? 'all'
    : filter
        .map((labels) =>
          Object.entries(labels)
            .map(([key, value]) => `${key} is ${value}`)
            .join(' and '),
        )
        .join(', or ')

function Changed({
  before,
  now,
  onSeen,
}: {
  readonly before: EnrolmentView
  readonly now: EnrolmentView
  readonly onSeen: () => void
}) {
  // Keys of what is given are its fields.
  const fields = Object.keys({ ...before.given, ...now.given }) as (keyof Given)[]
  const changed = fields.filter((field) => !isSame(before.given[field], now.given[field]))
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle aria-hidden />}
      title={`${now.changedBy} has changed the enrolment since you opened this page`}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {changed.length === 0
            ? 'The same is given as before; the token or a check may be another one.'
            : `Another value by now: ${changed.map(sayField).join(', ')}.`}{' '}
          What is shown above is what would be installed.
        </Text>
        <Button size="xs" variant="default" onClick={onSeen}>
          I have looked at it
        </Button>
      </Stack>
    </Alert>
  )
}

/** What the server has against it, and the step where that is changed. */
function Refused({ name, error }: { readonly name: string; readonly error: unknown }) {
  const step = error instanceof ApiProblem && error.field !== undefined ? stepOfField(error.field) : undefined
  return (
    <>
      <Problem error={error} />
      {step && (
        <PageLink to="/organizations/$name/enrolment/$step" params={{ name, step }} size="sm" underline="always">
          {`Change it: ${numbered(step)}`}
        </PageLink>
      )}
    </>
  )
}

const FIRST = new Set<StepName>(['aws', 'preview', 'identity-source', 'scim'])

/** Without the present source it can be installed, and the metadata may come later. */
const isLacking = ({ step, missing }: EnrolmentView['steps'][number]): boolean =>
  FIRST.has(step) && missing.some((field) => field !== 'identitySource' && field !== 'serviceProviderMetadata')

/** Once installing was asked for, the form leads to the first step that lacks something. */
function Undone({ enrolment: { name, steps }, isAsked }: InstallProps & { readonly isAsked: boolean }) {
  const undone = steps.filter(({ step, state }) => FIRST.has(step) && state !== 'done')
  if (undone.length === 0) return null
  return (
    <Alert
      color={isAsked ? 'red' : 'yellow'}
      icon={isAsked ? <IconAlertTriangle aria-hidden /> : <IconInfoCircle aria-hidden />}
      title={isAsked ? 'It can’t be installed yet' : 'Not all steps before are done'}
      role={isAsked ? 'alert' : undefined}
    >
      <List size="sm">
        {undone.map((one) => (
          <List.Item key={one.step}>
            <PageLink
              to="/organizations/$name/enrolment/$step"
              params={{ name, step: one.step }}
              size="sm"
              underline="always"
              data-lacking={isAsked && isLacking(one)}
            >
              {numbered(one.step)}
            </PageLink>
            : {sayStep(one)}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
