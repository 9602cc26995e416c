import type { ApplicationView } from '@gatehouse/api'
import { Button, Card, Checkbox, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconApps, IconCloud, IconExternalLink } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { commandLines } from '../../app/command-lines.ts'
import { useSession } from '../../app/session.ts'
import { Code } from '../../components/code.tsx'
import { Copy } from '../../components/copy.tsx'
import { Name } from '../../components/name.tsx'
import { sayName } from '../../components/say-name.ts'
import { applicationsQuery } from './applications-query.ts'
import type { CartRow } from './cart-draft.ts'

interface ApplicationsProps {
  readonly words: string
  /** Whether what may be asked for is shown, too. */
  readonly requestable: boolean
  readonly cart: ReadonlyMap<string, CartRow>
  readonly onToggle: (row: CartRow) => void
  readonly onShowRequestable: () => void
}

/** What one signs in to: AWS's access portal, and others beside it. */
export function Applications({ words, requestable, cart, onToggle, onShowRequestable }: ApplicationsProps) {
  const { data } = useQuery(applicationsQuery)
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = (data?.items ?? []).filter(
    ({ name, kind, access }) =>
      // The portal is always there: it is where every account below is reached.
      kind === 'identity-center' ||
      ((requestable || access === 'granted') && wanted.every((word) => name.toLowerCase().includes(word))),
  )
  if (shown.length === 0) return null
  return (
    <section aria-label="Applications">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {shown.map((application) => (
          <Card key={`${application.kind}/${application.name}`} withBorder padding="sm">
            {application.kind === 'identity-center' ? (
              <IdentityCenter application={application} {...{ requestable, onShowRequestable }} />
            ) : (
              <SamlApplication application={application} cart={cart} onToggle={onToggle} />
            )}
          </Card>
        ))}
      </SimpleGrid>
    </section>
  )
}

function IdentityCenter({
  application: { name, access, signInUrl, denial, startUrl = '', region = '' },
  requestable,
  onShowRequestable,
}: {
  readonly application: ApplicationView
  readonly requestable: boolean
  readonly onShowRequestable: () => void
}) {
  const user = useSession()?.user.name ?? ''
  const [isOpen, setOpen] = useState(false)
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Group gap="sm" wrap="nowrap" className="tile-name">
          <IconCloud size={24} aria-hidden style={{ flex: 'none' }} />
          <div>
            <Text fw={500} className="wrap">
              <Name text={name} />
            </Text>
            <Text size="xs" c="dimmed">
              The AWS access portal
            </Text>
          </div>
        </Group>
        <Group gap="xs" wrap="nowrap">
          <Button size="xs" variant="default" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            Details
          </Button>
          {signInUrl !== undefined && <LogIn href={signInUrl} name={name} />}
        </Group>
      </Group>
      {access === 'requestable' && (
        <Text size="sm">
          You have no account in AWS now.{' '}
          {requestable ? (
            'Choose below what you need.'
          ) : (
            <Button size="compact-sm" variant="subtle" onClick={onShowRequestable}>
              See what you may ask for
            </Button>
          )}
        </Text>
      )}
      {access === 'granted' && denial && (
        <Text size="sm" className="wrap">
          {denial.message} {denial.remedy}
        </Text>
      )}
      {isOpen && (
        <Stack gap={6}>
          <Group gap={6}>
            <Text size="sm">Start URL</Text>
            <Copy text={startUrl} what="the start URL" />
          </Group>
          <Group gap={6}>
            <Text size="sm">SSO Region</Text>
            <Copy text={region} what="the SSO Region" />
          </Group>
          <Text size="sm">On the command line:</Text>
          <Code label="Commands" text={commandLines(user)} />
        </Stack>
      )}
    </Stack>
  )
}

function SamlApplication({
  application: { name, access, signInUrl, resourceId = '' },
  cart,
  onToggle,
}: {
  readonly application: ApplicationView
} & Pick<ApplicationsProps, 'cart' | 'onToggle'>) {
  return (
    <Group justify="space-between" gap="xs">
      <Group gap="sm" wrap="nowrap" className="tile-name">
        <IconApps size={24} aria-hidden style={{ flex: 'none' }} />
        <Text fw={500} className="wrap">
          <Name text={name} />
        </Text>
      </Group>
      {access === 'requestable' ? (
        <Checkbox
          size="xs"
          label="may be asked for"
          checked={cart.has(resourceId)}
          onChange={() => onToggle({ resourceId, title: name })}
          aria-label={`Ask for ${sayName(name)}`}
        />
      ) : (
        signInUrl !== undefined && <LogIn href={signInUrl} name={name} />
      )}
    </Group>
  )
}

const LogIn = ({ href, name }: { readonly href: string; readonly name: string }) => (
  <Button
    size="xs"
    component="a"
    href={href}
    target="_blank"
    rel="noreferrer"
    aria-label={`Log In to ${sayName(name)}`}
    rightSection={<IconExternalLink size={13} aria-hidden />}
  >
    Log In
  </Button>
)
