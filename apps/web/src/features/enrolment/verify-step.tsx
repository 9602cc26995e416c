import type { EnrolmentView } from '@gatehouse/api'
import { Alert, Button, Group, Stack } from '@mantine/core'
import { IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Loaded } from '../../components/loaded.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Section } from '../../components/section.tsx'
import { Importing } from '../organizations/importing.tsx'
import { statusQuery } from '../organizations/organizations-query.ts'
import { Plan } from '../organizations/plan.tsx'
import { sayStatus } from '../organizations/say-status.ts'
import { ImportedLists } from './imported-lists.tsx'
import { Install } from './install.tsx'

interface StepProps {
  readonly enrolment: EnrolmentView
}

/** The organization is installed in shadow mode: read, planned, and nothing written until somebody starts it. */
export function VerifyStep({ enrolment }: StepProps) {
  return enrolment.installed ? <Installed enrolment={enrolment} /> : <Install enrolment={enrolment} />
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
