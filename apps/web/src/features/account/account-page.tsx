import { Stack } from '@mantine/core'
import { useSession } from '../../app/session.ts'
import { Facts } from '../../components/facts.tsx'
import { Page } from '../../components/page.tsx'
import { Section } from '../../components/section.tsx'
import { Time } from '../../components/time.tsx'
import { Appearance, Tables } from './appearance.tsx'
import { ChangePassword } from './change-password.tsx'
import { Dates } from './dates.tsx'
import { Sessions } from './sessions.tsx'
import { Prose } from '../../components/prose.tsx'

/** What is somebody's own here: the password, where he is signed in, and how pages look in this browser. */
export function AccountPage() {
  const session = useSession()
  return (
    <Page title="Account">
      <Stack gap="xl">
        {session && (
          <Facts
            facts={[
              ['User', session.user.name],
              ['Cluster', session.cluster],
              ['Roles', <Prose text={session.roles.join(', ')} />],
              [
                'This sign-in',
                <>
                  ends <Time at={session.validUntil} /> at the latest
                </>,
              ],
            ]}
          />
        )}
        <Sessions />
        <Section title="Password">
          <ChangePassword />
        </Section>
        <Section title="Colours">
          <Appearance />
        </Section>
        <Section title="Tables">
          <Tables />
        </Section>
        <Section title="Dates">
          <Dates />
        </Section>
      </Stack>
    </Page>
  )
}
