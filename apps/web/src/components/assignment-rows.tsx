import { Button, Fieldset, Group, Stack } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Choice, type Named } from './choice.tsx'

export interface AssignmentRow {
  readonly account: string
  readonly permissionSet: string
}

/** A permission set on an account in each row, as many as somebody adds. */
export function AssignmentRows({
  legend,
  rows,
  start,
  accounts,
  permissionSets,
  isChecked = false,
  empty,
  onChange,
}: {
  readonly legend: string
  readonly rows: readonly AssignmentRow[]
  /** What a row begins with. */
  readonly start: AssignmentRow
  readonly accounts: readonly Named[]
  readonly permissionSets: readonly Named[]
  /** Says at the field what a row lacks. */
  readonly isChecked?: boolean
  readonly empty?: ReactNode
  readonly onChange: (rows: readonly AssignmentRow[]) => void
}) {
  const replace = (index: number, part: Partial<AssignmentRow>): void =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...part } : row)))
  const sayLack = (value: string, what: string, index: number): string | undefined =>
    isChecked && value.trim() === '' ? `Choose ${what}, or leave row ${index + 1} out.` : undefined
  return (
    <Fieldset legend={legend} variant="unstyled" classNames={{ legend: 'legend' }}>
      <Stack gap="xs" mt={4}>
        {rows.length === 0 && empty}
        {rows.map((row, index) => (
          // Rows are known by their place: two may say the same while somebody types.
          <Group key={`row ${index}`} gap="xs" wrap="nowrap" align="flex-start">
            <Choice
              label={`Permission set ${index + 1}`}
              names={permissionSets}
              value={row.permissionSet}
              error={sayLack(row.permissionSet, 'a permission set', index)}
              onChange={(permissionSet) => replace(index, { permissionSet })}
            />
            <Choice
              label={`Account ${index + 1}`}
              names={accounts}
              value={row.account}
              error={sayLack(row.account, 'an account', index)}
              wrong={/^(?!\d{12}$)\d+$/.test(row.account) ? 'An account id has 12 digits.' : undefined}
              onChange={(account) => replace(index, { account })}
            />
            <Button
              variant="subtle"
              color="gray"
              size="xs"
              px={6}
              // Beside the fields, not beside their labels.
              mt={20}
              aria-label={`Leave out row ${index + 1}`}
              onClick={() => onChange(rows.filter((_, at) => at !== index))}
            >
              <IconTrash size={15} aria-hidden />
            </Button>
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onChange([...rows, start])}
          >
            Add a permission set
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  )
}
