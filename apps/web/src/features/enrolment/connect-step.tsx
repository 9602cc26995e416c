import type { EnrolmentView } from '@gatehouse/api'
import { Button, Card, Group, Stack, Text } from '@mantine/core'
import { IconCloud, IconExternalLink } from '@tabler/icons-react'
import { useSession } from '../../app/session.ts'
import { Code } from '../../components/code.tsx'
import { PageLink } from '../../components/link.tsx'
import { Section } from '../../components/section.tsx'
import { stepOf } from './enrolment-query.ts'

/** Signing in to AWS as anybody does, in the browser and on the command line. */
export function ConnectStep({ enrolment }: { readonly enrolment: EnrolmentView }) {
  const { name, given, installed, serviceProvider } = enrolment
  const user = useSession()?.user.name ?? 'you@example.com'
  if (!installed)
    return (
      <Text size="sm">There is something to sign in to once the organization is installed, in the step “Verify”.</Text>
    )
  const address = window.location.origin
  return (
    <>
      <Section title="In the browser">
        <Stack gap="xs" maw={760}>
          <Card withBorder padding="md">
            <Group justify="space-between">
              <Group gap="sm" wrap="nowrap">
                <IconCloud size={28} aria-hidden />
                <div>
                  <Text fw={500} className="wrap">
                    {name}
                  </Text>
                  <Text size="sm" c="dimmed">
                    The AWS access portal
                  </Text>
                </div>
              </Group>
              {given.hybrid !== true && serviceProvider !== undefined && (
                <Button
                  component="a"
                  href={`/saml/login/${encodeURIComponent(serviceProvider)}`}
                  target="_blank"
                  rel="noreferrer"
                  rightSection={<IconExternalLink size={14} aria-hidden />}
                >
                  Log In
                </Button>
              )}
            </Group>
          </Card>
          <Text size="sm">
            {given.hybrid === true
              ? 'People sign in at their own identity provider, as before. '
              : serviceProvider === undefined
                ? `${stepOf(enrolment, 'connect')?.message ?? ''} `
                : 'It works once the identity source is changed in AWS’s console. '}
            People find their accounts under{' '}
            <PageLink to="/resources" size="sm" underline="always">
              Resources
            </PageLink>
            .
          </Text>
        </Stack>
      </Section>
      <Section title="On the command line">
        <Stack gap="xs" maw={760}>
          <Code
            label="Commands"
            text={[
              `tsh login --proxy=${address} --user=${user}`,
              'tsh aws-profile',
              'export AWS_PROFILE=…   # one of those that it prints',
              'aws sso login',
              'aws sts get-caller-identity',
            ].join('\n')}
          />
          <Text size="sm" c="dimmed">
            The profiles are written to ~/.aws/config, one for each account and permission set that somebody has.
          </Text>
        </Stack>
      </Section>
    </>
  )
}
