import { contract, type EnrolmentView } from '@gatehouse/api'
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { type AssignmentRow, AssignmentRows } from '../../components/assignment-rows.tsx'
import { Code } from '../../components/code.tsx'
import { NO_PLACE, required } from '../../components/complaints.ts'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Problem } from '../../components/problem.tsx'
import { Section } from '../../components/section.tsx'
import { sayName } from '../../components/say-name.ts'
import { useFields } from '../../components/use-fields.ts'
import { accountsQuery, permissionSetsQuery, stepOf } from './enrolment-query.ts'

const WAIT_MS = 300
const DEFAULT_NAME = 'identity-center-access'

/** The role that lets people sign in to AWS and says what they find there: made by a button, or copied. */
export function AccessStep({ enrolment }: { readonly enrolment: EnrolmentView }) {
  const { name } = enrolment
  const [role, setRole] = useState(DEFAULT_NAME)
  const [rows, setRows] = useState<readonly AssignmentRow[]>([])
  const lacking = rows.flatMap((row, index) => sayLack(row, index + 1) ?? [])
  const assignments = rows.filter((row, index) => sayLack(row, index + 1) === undefined)
  const body = { name: role.trim() === '' ? DEFAULT_NAME : role.trim(), assignments }
  const [asked] = useDebouncedValue(body, WAIT_MS)
  const yaml = useQuery({
    queryKey: ['people-role', name, asked],
    queryFn: ({ signal }) => client.writePeopleRole({ params: { name }, body: asked }, signal),
    placeholderData: (before) => before,
  })
  const fields = useFields({
    values: { role, rows },
    // What a row lacks, its own fields say.
    places: { role: 'body.name', rows: NO_PLACE },
    sent: [contract.writePeopleRole, body],
    wrong: { role: required(role), rows: lacking[0] },
  })
  const make = useMutation({
    mutationFn: (made: typeof body) => client.writePeopleRole({ params: { name }, body: { ...made, create: true } }),
    onError: fields.refuse,
    onSuccess: () =>
      Promise.all([['roles'], ['enrolment', name]].map((queryKey) => queryClient.invalidateQueries({ queryKey }))),
  })
  return (
    <>
      <StepState enrolment={enrolment} />
      <Section title="What you give us">
        <form {...fields.form} onSubmit={fields.onSubmit(() => make.mutate(body))}>
          <Stack maw={760}>
            <TextInput
              label="Name of the role"
              required
              maxLength={256}
              value={role}
              {...fields.at('role')}
              onChange={(event) => setRole(event.currentTarget.value)}
            />
            <Rows name={name} rows={rows} isChecked={fields.at('rows').error !== undefined} onChange={setRows} />
            {fields.problem !== undefined && <Problem error={fields.problem} />}
            {make.isSuccess && <Made role={make.variables.name} warnings={make.data.warnings} />}
            <Group>
              <Button type="submit" loading={make.isPending}>
                Make the role
              </Button>
            </Group>
          </Stack>
        </form>
      </Section>
      <Section title="The same as a document">
        {lacking.map((lack) => (
          <Text key={lack} size="sm" c="var(--warning)" mb="xs">
            {lack}
          </Text>
        ))}
        <Loaded query={yaml}>{(written) => <Code label="The role as YAML" text={written.yaml} />}</Loaded>
      </Section>
    </>
  )
}

/** A row that was only begun is not of the role, and is not left out in silence either. */
function sayLack({ account, permissionSet }: AssignmentRow, row: number): string | undefined {
  const lacks = [
    ...(permissionSet.trim() === '' ? ['no permission set'] : []),
    ...(account.trim() === '' ? ['no account'] : []),
  ]
  return lacks.length === 0 ? undefined : `Row ${row} is not in it: it has ${lacks.join(' and ')}.`
}

function StepState({ enrolment }: { readonly enrolment: EnrolmentView }) {
  const step = stepOf(enrolment, 'access')
  const isDone = step?.state === 'done'
  return (
    <Alert
      color={isDone ? 'green' : 'yellow'}
      icon={isDone ? <IconCircleCheck aria-hidden /> : <IconInfoCircle aria-hidden />}
      title={isDone ? 'Somebody has a role that lets him sign in to AWS.' : step?.message}
    >
      Whoever has this role may sign in to AWS. What people find there comes from it, from access lists, and from
      requests that were approved.
    </Alert>
  )
}

function Made({ role, warnings }: { readonly role: string; readonly warnings: readonly string[] }) {
  return (
    <Alert
      color={warnings.length === 0 ? 'green' : 'yellow'}
      icon={warnings.length === 0 ? <IconCircleCheck aria-hidden /> : <IconInfoCircle aria-hidden />}
      title={`The role "${sayName(role)}" is made.`}
      role="status"
    >
      {warnings.map((warning) => (
        <Text key={warning} size="sm">
          {warning}
        </Text>
      ))}
      <Text size="sm">
        Nobody has it yet: give it to people, or to a list.{' '}
        <PageLink to="/roles/$name" params={{ name: role }} size="sm" underline="always">
          Show the role
        </PageLink>
      </Text>
    </Alert>
  )
}

function Rows({
  name,
  rows,
  isChecked,
  onChange,
}: {
  readonly name: string
  readonly rows: readonly AssignmentRow[]
  readonly isChecked: boolean
  readonly onChange: (rows: readonly AssignmentRow[]) => void
}) {
  const accounts = useInfiniteQuery({ ...accountsQuery(name, {}), enabled: rows.length > 0 })
  const sets = useInfiniteQuery({ ...permissionSetsQuery(name, {}), enabled: rows.length > 0 })
  const accountNames =
    accounts.data?.pages.flatMap(({ items }) =>
      items.map(({ id, name: account }) => ({ value: id, label: `${sayName(account)} (${id})` })),
    ) ?? []
  // A role names a set by its ARN: two may have one name over time.
  const setNames =
    sets.data?.pages.flatMap(({ items }) => items.map(({ arn, name: set }) => ({ value: arn, label: set }))) ?? []
  return (
    <AssignmentRows
      legend="What the role gives in AWS"
      rows={rows}
      start={{ account: '', permissionSet: '' }}
      accounts={accountNames}
      permissionSets={setNames}
      isChecked={isChecked}
      empty={
        <Text size="sm" c="dimmed">
          Nothing: it lets people sign in, and lists and requests give them the rest.
        </Text>
      }
      onChange={onChange}
    />
  )
}
