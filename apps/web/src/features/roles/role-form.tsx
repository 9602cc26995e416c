import { Button, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { isMap, parseDocument } from 'yaml'
import { useMay } from '../../app/session.ts'
import { Choice, type Named } from '../../components/choice.tsx'
import { type AssignmentRow, assignmentsOf } from './role-summary.ts'
import { catalogueQuery } from './roles-query.ts'

interface FormProps {
  readonly text: string
  readonly isNew: boolean
  readonly onChange: (text: string) => void
}

/** The fields that most roles are about. It reads the YAML and writes into it, so that the rest of it stays as it is. */
export function RoleForm({ text, isNew, onChange }: FormProps) {
  const yaml = parseDocument(text)
  const isReadable = yaml.errors.length === 0 && isMap(yaml.contents)
  const read = (...path: readonly string[]): string => {
    const found: unknown = isReadable ? yaml.getIn(path) : undefined
    return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
  }
  const write = (path: readonly string[], value: unknown): void => {
    if (value === '' || value === undefined) yaml.deleteIn(path)
    else yaml.setIn(path, value)
    onChange(yaml.toString({ lineWidth: 0 }))
  }
  return (
    <Fieldset variant="unstyled" disabled={!isReadable}>
      <Stack>
        {!isReadable && <Text size="sm">The fields come back when the YAML can be read again.</Text>}
        <TextInput
          label="Name"
          required
          disabled={!isNew || !isReadable}
          value={read('metadata', 'name')}
          onChange={(event) => write(['metadata', 'name'], event.currentTarget.value)}
        />
        <TextInput
          label="Description"
          maxLength={1000}
          value={read('metadata', 'description')}
          onChange={(event) => write(['metadata', 'description'], event.currentTarget.value)}
        />
        <TextInput
          label="Longest session"
          description="Such as 8h. Left empty, as long as the server says."
          value={read('spec', 'options', 'max_session_ttl')}
          onChange={(event) => write(['spec', 'options', 'max_session_ttl'], event.currentTarget.value)}
        />
        <Assignments
          rows={isReadable ? assignmentsOf(yaml.toJS(), 'allow') : []}
          onChange={(rows) =>
            write(
              ['spec', 'allow', 'account_assignments'],
              rows.length === 0
                ? undefined
                : yaml.createNode(
                    rows.map(({ account, permissionSet }) => ({ account, permission_set: permissionSet })),
                  ),
            )
          }
        />
      </Stack>
    </Fieldset>
  )
}

const NOTHING = { accounts: [], permissionSets: [] }
const EVERY: Named = { value: '*', label: '*' }

function Assignments({
  rows,
  onChange,
}: {
  readonly rows: readonly AssignmentRow[]
  readonly onChange: (rows: readonly AssignmentRow[]) => void
}) {
  const mayRead = useMay('list', 'aws_identity_center')
  const { accounts, permissionSets } = useQuery({ ...catalogueQuery, enabled: mayRead }).data ?? NOTHING
  const replace = (index: number, part: Partial<AssignmentRow>): void =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...part } : row)))
  return (
    <Fieldset legend="Permission sets on accounts" variant="unstyled">
      <Stack gap="xs" mt="xs">
        {rows.map((row, index) => (
          // Rows are known by their place: two may say the same while somebody types.
          <Group key={`row ${index}`} gap="xs" wrap="nowrap" align="flex-end">
            <Choice
              label={`Permission set ${index + 1}`}
              names={[EVERY, ...permissionSets]}
              value={row.permissionSet}
              onChange={(permissionSet) => replace(index, { permissionSet })}
            />
            <Choice
              label={`Account ${index + 1}`}
              names={[EVERY, ...accounts]}
              value={row.account}
              onChange={(account) => replace(index, { account })}
            />
            <Button
              variant="subtle"
              color="gray"
              px="xs"
              aria-label={`Leave out row ${index + 1}`}
              onClick={() => onChange(rows.filter((_, at) => at !== index))}
            >
              <IconTrash size={16} aria-hidden />
            </Button>
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => onChange([...rows, { account: '*', permissionSet: '' }])}
          >
            Add a permission set
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  )
}
