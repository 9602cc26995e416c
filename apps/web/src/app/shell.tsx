import { ActionIcon, AppShell, Burger, Button, Group, Menu, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconSearch, IconUserCircle } from '@tabler/icons-react'
import { Link, Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useDeferredValue } from 'react'
import { Crumbs } from '../components/crumbs.tsx'
import { Tips } from '../components/tips.tsx'
import { Toasts } from '../components/toasts.tsx'
import { leave } from './client.ts'
import { ConnectionBar } from './connection-bar.tsx'
import { ColorScheme } from './color-scheme.tsx'
import { LoadingWord } from './loading-word.tsx'
import { OrganizationDot } from './organization-dot.tsx'
import { palette } from './palette-store.ts'
import { Rail, useNarrowRail } from './rail.tsx'
import { useSession } from './session.ts'
import { SignedOut } from './signed-out.tsx'

/** Not needed for the first look; a page without it is still a page. */
const Palette = lazy(async () => {
  try {
    return { default: (await import('./palette.tsx')).Palette }
  } catch {
    return { default: () => <></> }
  }
})

/** What opens the palette, as the keyboard at hand has it. */
const SHORTCUT = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘ K' : 'Ctrl K'

/** What stands around every page. */
export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure()
  const [isNarrow, setNarrow] = useNarrowRail()
  const isDrawn = useDeferredValue(true, false)
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: isNarrow ? 56 : 220, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="lg"
    >
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <ConnectionBar />
      <LoadingWord />
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label="Show the navigation"
              aria-expanded={isOpen}
            />
            <Text fw={600}>Gatehouse</Text>
            <Crumbs visibleFrom="sm" />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Button
              variant="default"
              size="xs"
              leftSection={<IconSearch size={14} aria-hidden />}
              onClick={palette.open}
              visibleFrom="xs"
            >
              Search or jump to…{' '}
              <Text span c="dimmed" size="xs" ml={8}>
                {SHORTCUT}
              </Text>
            </Button>
            <ActionIcon
              variant="subtle"
              color="gray"
              hiddenFrom="xs"
              aria-label="Search or jump to"
              onClick={palette.open}
            >
              <IconSearch size={18} aria-hidden />
            </ActionIcon>
            <OrganizationDot />
            <ColorScheme />
            <Person />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar
        p="xs"
        aria-label="Main navigation"
        className="rail"
        data-narrow={isNarrow || undefined}
        data-open={isOpen || undefined}
      >
        <Rail isNarrow={isNarrow} onNarrow={setNarrow} onFollow={close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
      <Toasts />
      <Tips />
      <SignedOut />
      {isDrawn && (
        <Suspense>
          <Palette />
        </Suspense>
      )}
    </AppShell>
  )
}

function Person() {
  const session = useSession()
  const name = session?.user.name ?? ''
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Account of ${name}`} data-tip={name}>
          <IconUserCircle size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className="wrap">{name}</Menu.Label>
        <Menu.Item component={Link} to="/account">
          Account
        </Menu.Item>
        <form method="post" action="/sign-out" onSubmit={leave}>
          {/* A form that is gone is not sent. */}
          <Menu.Item component="button" type="submit" closeMenuOnClick={false}>
            Sign out
          </Menu.Item>
        </form>
      </Menu.Dropdown>
    </Menu>
  )
}
