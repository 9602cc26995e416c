import type { EnrolmentView } from '@gatehouse/api'
import { Alert, Button, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconCircleCheck, IconInfoCircle, IconPlus, IconTrash } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { Choice } from '../../components/choice.tsx'
import { Code } from '../../components/code.tsx'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Problem } from '../../components/problem.tsx'
import { Section } from '../../components/section.tsx'
import { accountsQuery, permissionSetsQuery, stepOf } from './enrolment-query.ts'

interface Row {
  readonly account: string
  readonly permissionSet: string
}

const WAIT_MS = 300

/** The role that lets people sign in to AWS and says what they find there: made by a button, or copied. */
export function AccessStep({ enrolment }: { readonly enrolment: EnrolmentView }) {
  const { name } = enrolment
  const [role, setRole] = useState('identity-center-access')
  const [rows, setRows] = useState<readonly Row[]>([])
  const assignments = rows.filter(({ account, permissionSet }) => account.trim() !== '' && permissionSet.trim() !== '')
  const body = { name: role.trim() === '' ? 'identity-center-access' : role.trim(), assignments }
  const [asked] = useDebouncedValue(body, WAIT_MS)
  const yaml = useQuery({
    queryKey: ['people-role', name, asked],
    queryFn: ({ signal }) => client.writePeopleRole({ params: { name }, body: asked }, signal),
    placeholderData: (before) => before,
  })
  const make = useMutation({
    mutationFn: () => client.writePeopleRole({ params: { name }, body: { ...body, create: true } }),
    onSuccess: () =>
      Promise.all([['roles'], ['enrolment', name]].map((queryKey) => queryClient.invalidateQueries({ queryKey }))),
  })
  return (
    <>
      <StepState enrolment={enrolment} />
      <Section title="What you give us">
        <Stack maw={760}>
          <TextInput
            label="Name of the role"
            required
            maxLength={256}
            value={role}
            onChange={(event) => setRole(event.currentTarget.value)}
          />
          <Rows name={name} rows={rows} onChange={setRows} />
          {make.isError && <Problem error={make.error} />}
          {make.isSuccess && <Made role={body.name} warnings={make.data.warnings} />}
          <Group>
            <Button loading={make.isPending} onClick={() => make.mutate()}>
              Make the role
            </Button>
          </Group>
        </Stack>
      </Section>
      <Section title="The same as a document">
        <Loaded query={yaml}>{(written) => <Code label="The role as YAML" text={written.yaml} />}</Loaded>
      </Section>
    </>
  )
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
      title={`The role "${role}" is made.`}
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
  onChange,
}: {
  readonly name: string
  readonly rows: readonly Row[]
  readonly onChange: (rows: readonly Row[]) => void
}) {
  const accounts = useInfiniteQuery({ ...accountsQuery(name, {}), enabled: rows.length > 0 })
  const sets = useInfiniteQuery({ ...permissionSetsQuery(name, {}), enabled: rows.length > 0 })
  const accountNames =
    accounts.data?.pages.flatMap(({ items }) =>
      items.map(({ id, name: account }) => ({ value: id, label: `${account} (${id})` })),
    ) ?? []
  // A role names a set by its ARN: two may have one name over time.
  const setNames =
    sets.data?.pages.flatMap(({ items }) => items.map(({ arn, name: set }) => ({ value: arn, label: set }))) ?? []
  const replace = (index: number, part: Partial<Row>): void =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...part } : row)))
  return (
    <Fieldset legend="What the role gives in AWS" variant="unstyled" classNames={{ legend: 'legend' }}>
      <Stack gap="xs" mt={4}>
        {rows.length === 0 && (
          <Text size="sm" c="dimmed">
            Nothing: it lets people sign in, and lists and requests give them the rest.
          </Text>
        )}
        {rows.map((row, index) => (
          // Rows are known by their place: two may say the same while somebody types.
          <Group key={`row ${index}`} gap="xs" wrap="nowrap" align="flex-end">
            <Choice
              label={`Permission set ${index + 1}`}
              names={setNames}
              value={row.permissionSet}
              onChange={(permissionSet) => replace(index, { permissionSet })}
            />
            <Choice
              label={`Account ${index + 1}`}
              names={accountNames}
              value={row.account}
              onChange={(account) => replace(index, { account })}
            />
            <Button
              variant="subtle"
              color="gray"
              size="xs"
              px={6}
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
            onClick={() => onChange([...rows, { account: '', permissionSet: '' }])}
          >
            Add a permission set
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  )
}
