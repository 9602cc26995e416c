import { SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core'

const SCHEMES = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'auto', label: 'As the system' },
] as const
type Scheme = (typeof SCHEMES)[number]['value']

export function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Stack gap="xs" align="flex-start">
      <SegmentedControl<Scheme>
        aria-label="Colours"
        data={[...SCHEMES]}
        value={colorScheme}
        onChange={setColorScheme}
      />
      <Text size="sm" c="dimmed">
        Kept in this browser.
      </Text>
    </Stack>
  )
}
