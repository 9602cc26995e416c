import type { EnrolmentView } from '@gatehouse/api'
import { Alert, Button, Checkbox, Group, List, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { Facts } from '../../components/facts.tsx'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { formatCount } from '../../components/paged-table.tsx'
import { Problem } from '../../components/problem.tsx'
import { Section } from '../../components/section.tsx'
import { Importing } from '../organizations/importing.tsx'
import { statusQuery } from '../organizations/organizations-query.ts'
import { Plan } from '../organizations/plan.tsx'
import { sayStatus } from '../organizations/say-status.ts'
import { ImportedLists } from './imported-lists.tsx'
import { inTurn } from './save-draft.ts'
import { sayStep, type StepName, STEPS, titleOf } from './steps.ts'

interface StepProps {
  readonly enrolment: EnrolmentView
}

/** The organization is installed in shadow mode: read, planned, and nothing written until somebody starts it. */
export function VerifyStep({ enrolment }: StepProps) {
  return enrolment.installed ? <Installed enrolment={enrolment} /> : <Install enrolment={enrolment} />
}

const FIRST = new Set<StepName>(['aws', 'preview', 'identity-source', 'scim'])

function Install({ enrolment }: StepProps) {
  const { name, given } = enrolment
  const [isWithout, setWithout] = useState(false)
  const finish = useMutation({
    ...inTurn(name),
    mutationFn: () => client.finishEnrolment({ params: { name }, body: { withoutServiceProvider: isWithout } }),
    onSuccess: () =>
      Promise.all(
        [['enrolment', name], ['organizations'], ['enrolments'], ['organization', name]].map((queryKey) =>
          queryClient.invalidateQueries({ queryKey }),
        ),
      ),
  })
  const undone = enrolment.steps.filter(({ step, state }) => FIRST.has(step) && state !== 'done')
  const lacksMetadata = given.hybrid !== true && given.serviceProviderMetadata === undefined
  return (
    <Section title="What happens now">
      <Stack maw={760}>
        <Text size="sm">
          Gatehouse reads AWS and makes access lists from its groups. Nothing is written to AWS: the plan shows what
          would change, for as long as you like.
        </Text>
        <Facts
          facts={[
            ['Instance', given.instanceArn],
            ['Region', given.region],
            ['Role', given.roleArn],
            ['Owners', given.defaultOwners?.join(', ')],
            ['SCIM', given.scimUrl],
          ]}
        />
        {undone.length > 0 && (
          <Alert color="yellow" icon={<IconInfoCircle aria-hidden />} title="Not all steps before are done">
            <List size="sm">
              {undone.map(({ step, ...rest }) => (
                <List.Item key={step}>
                  <PageLink
                    to="/organizations/$name/enrolment/$step"
                    params={{ name, step }}
                    size="sm"
                    underline="always"
                  >
                    {STEPS.findIndex((known) => known.step === step) + 1}. {titleOf(step)}
                  </PageLink>
                  : {sayStep(rest)}
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
        {lacksMetadata && (
          <Checkbox
            label="Leave the service provider for later"
            description="Until it is made, nobody signs in to AWS through Gatehouse."
            checked={isWithout}
            onChange={(event) => setWithout(event.currentTarget.checked)}
          />
        )}
        {finish.isError && <Problem error={finish.error} />}
        <Group>
          <Button loading={finish.isPending} onClick={() => finish.mutate()}>
            Install in shadow mode
          </Button>
        </Group>
      </Stack>
    </Section>
  )
}

function Installed({ enrolment: { name } }: StepProps) {
  const query = useQuery(statusQuery(name))
  return (
    <Loaded query={query}>
      {(status) =>
        status.adopted ? (
          <>
            <Section title="What we found">
              <Stack>
                <Alert
                  color={status.mode === 'active' ? 'green' : 'blue'}
                  icon={status.mode === 'active' ? <IconCircleCheck aria-hidden /> : <IconInfoCircle aria-hidden />}
                  title={sayStatus(status)}
                  role="status"
                >
                  {formatCount(status.managed.users)} users, {formatCount(status.managed.groups)} groups,{' '}
                  {formatCount(status.managed.members)} memberships and {formatCount(status.managed.assignments)}{' '}
                  assignments are known.
                </Alert>
                <Group>
                  <Button
                    variant="default"
                    size="xs"
                    renderRoot={(props) => <Link to="/organizations/$name" params={{ name }} {...props} />}
                  >
                    Show the organization
                  </Button>
                </Group>
              </Stack>
            </Section>
            <Section title="The plan">
              <Plan organization={name} />
            </Section>
            <Section title="Lists made from groups">
              <ImportedLists name={name} />
            </Section>
          </>
        ) : (
          <Importing status={status} />
        )
      }
    </Loaded>
  )
}
