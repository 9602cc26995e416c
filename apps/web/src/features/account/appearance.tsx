import { SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core'
import { type RowHeight, setRowHeight, useRowHeight } from '../../components/row-height.ts'

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

const HEIGHTS = [
  { value: 'roomy', label: 'Roomy' },
  { value: 'compact', label: 'Compact' },
] as const

export function Tables() {
  const height = useRowHeight()
  return (
    <Stack gap="xs" align="flex-start">
      <SegmentedControl<RowHeight>
        aria-label="Rows of tables"
        data={[...HEIGHTS]}
        value={height}
        onChange={setRowHeight}
      />
      <Text size="sm" c="dimmed">
        How much room the rows of tables take. Kept in this browser.
      </Text>
    </Stack>
  )
}
