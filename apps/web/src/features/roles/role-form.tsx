import { Fieldset, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { isMap, parseDocument } from 'yaml'
import { useMay } from '../../app/session.ts'
import { type AssignmentRow, AssignmentRows } from '../../components/assignment-rows.tsx'
import type { Named } from '../../components/choice.tsx'
import type { useFields } from '../../components/use-fields.ts'
import { assignmentsOf } from './role-summary.ts'
import { setIn } from './set-in.ts'
import { catalogueQuery } from '../../components/catalogue.ts'

/** Where the fields stand in the document. */
export const ROLE_PLACES = {
  name: 'metadata.name',
  description: 'metadata.description',
  longest: 'spec.options.max_session_ttl',
}

interface FormProps {
  readonly at: ReturnType<typeof useFields<keyof typeof ROLE_PLACES>>['at']
  readonly text: string
  readonly isNew: boolean
  readonly onChange: (text: string) => void
}

/** The fields that most roles are about. It reads the YAML and writes into it, so that the rest of it stays as it is. */
export function RoleForm({ at, text, isNew, onChange }: FormProps) {
  const yaml = parseDocument(text)
  const isReadable = yaml.errors.length === 0 && isMap(yaml.contents)
  const read = (...path: readonly string[]): string => {
    const found: unknown = isReadable ? yaml.getIn(path) : undefined
    return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
  }
  const write = (path: readonly string[], value: unknown): void => {
    setIn(yaml, path, value)
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
          {...at('name')}
          onChange={(event) => write(['metadata', 'name'], event.currentTarget.value)}
        />
        <TextInput
          label="Description"
          maxLength={1000}
          value={read('metadata', 'description')}
          {...at('description')}
          onChange={(event) => write(['metadata', 'description'], event.currentTarget.value)}
        />
        <TextInput
          label="Longest session"
          description="Such as 8h. Left empty, as long as the server says."
          value={read('spec', 'options', 'max_session_ttl')}
          {...at('longest')}
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
  return (
    <AssignmentRows
      legend="Permission sets on accounts"
      rows={rows}
      start={{ account: '*', permissionSet: '' }}
      accounts={[EVERY, ...accounts]}
      permissionSets={[EVERY, ...permissionSets]}
      onChange={onChange}
    />
  )
}
