import type { ShownView } from '@gatehouse/api'
import { Alert, Code, Group, Spoiler, Stack, Table, Text, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useId } from 'react'
import { Copy } from '../../components/copy.tsx'
import { Name } from '../../components/name.tsx'
import { Prose } from '../../components/prose.tsx'
import { sayDuration } from '../../components/say-duration.ts'
import { sayName } from '../../components/say-name.ts'

/** What an approval is for: each permission set as AWS tells it now. */
export function Shown({
  shown,
  isOfSeveral = false,
}: {
  readonly shown: ShownView
  /** Each of several is called alike; a page has one place of a name. */
  readonly isOfSeveral?: boolean
}) {
  const role = isOfSeveral ? 'group' : undefined
  const title = useId()
  return (
    <section role={role} aria-labelledby={title}>
      <Title order={2} id={title} mb="xs">
        What it allows, as AWS says now
      </Title>
      {shown.problem !== undefined && (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="Nobody can approve this now">
          {shown.problem}
        </Alert>
      )}
      {shown.warnings.map((warning) => (
        <Alert key={warning} color="yellow" icon={<IconAlertTriangle aria-hidden />} mb="xs">
          {warning}
        </Alert>
      ))}
      <Accounts accounts={shown.accounts} role={role} />
      {shown.roles.map(({ name, text }) => (
        <details key={name} className="more">
          <summary>
            Show the role <Name text={name} />
          </summary>
          <Code block mb="xs">
            {text}
          </Code>
        </details>
      ))}
      {shown.permissionSets.length > 0 && (
        <section role={role} className="table-frame" aria-label="Permission sets" tabIndex={0}>
          <Table miw={560}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Permission set</Table.Th>
                <Table.Th>Session</Table.Th>
                <Table.Th>Policies</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.permissionSets.map((set) => (
                <Table.Tr key={set.arn}>
                  <Table.Td>
                    <Text size="sm" fw={500} className="wrap">
                      {set.missing ? 'AWS does not have it' : <Name text={set.name} />}
                    </Text>
                    <Text size="xs" c="dimmed" className="wrap">
                      {set.missing ? set.arn : <Prose text={set.description ?? ''} />}
                    </Text>
                    {set.organization !== undefined && (
                      <Text size="xs" className="wrap">
                        in <Name text={set.organization} />
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>{sayDuration(set.sessionDuration)}</Table.Td>
                  <Table.Td>
                    <Policies policies={set.policies} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
    </section>
  )
}

function Accounts({
  accounts,
  role,
}: {
  readonly accounts: ShownView['accounts']
  readonly role: 'group' | undefined
}) {
  const told = accounts.filter((account) => [account.tags, account.parents, account.organization].some(Boolean))
  if (told.length === 0) return null
  const isOfSeveral = told.some(({ organization }) => organization !== undefined)
  return (
    <section
      role={role}
      className="table-frame"
      aria-label="Where the accounts stand"
      tabIndex={0}
      style={{ marginBottom: 12 }}
    >
      <Table miw={560}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Account</Table.Th>
            {isOfSeveral && <Table.Th>Organization</Table.Th>}
            <Table.Th>Organizational unit</Table.Th>
            <Table.Th>Tags</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {told.map(({ id, name, organization = '', tags = {}, parents = [] }) => (
            <Table.Tr key={id}>
              <Table.Td className="wrap">
                <Group gap={6}>
                  <span className="wrap">
                    <Name text={name} />
                  </span>
                  <Copy text={id} what={`the id of ${sayName(name)}`} />
                </Group>
              </Table.Td>
              {isOfSeveral && (
                <Table.Td className="wrap">
                  <Name text={organization} />
                </Table.Td>
              )}
              <Table.Td className="wrap">
                {parents
                  .toReversed()
                  .map((unit) => sayName(unit))
                  .join(' / ')}
              </Table.Td>
              <Table.Td className="wrap">
                {Object.entries(tags)
                  .map((pair) => sayName(pair.join('=')))
                  .join(', ')}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}

function Policies({ policies }: { readonly policies: ShownView['permissionSets'][number]['policies'] }) {
  if (!policies) return <Text size="sm">not known: Gatehouse may not read them</Text>
  const { managedPolicies, customerManagedPolicies, inlinePolicy, permissionsBoundary } = policies
  return (
    <Stack gap={2}>
      {[...managedPolicies, ...customerManagedPolicies].map((name) => (
        <span key={name} className="mono">
          <Name text={name} />
        </span>
      ))}
      {permissionsBoundary !== undefined && <Text size="sm">within {permissionsBoundary}</Text>}
      {inlinePolicy !== undefined && (
        <Spoiler maxHeight={60} showLabel="Show the inline policy" hideLabel="Less">
          <Code block>{inlinePolicy}</Code>
        </Spoiler>
      )}
    </Stack>
  )
}
