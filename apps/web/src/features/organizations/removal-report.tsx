import type { RemovalReportView } from '@gatehouse/api'
import { Button, Group, Stack, Text } from '@mantine/core'
import { Code } from '../../components/code.tsx'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { Facts } from '../../components/facts.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Section } from '../../components/section.tsx'
import { Copy } from '../../components/copy.tsx'

interface ReportProps {
  readonly report: RemovalReportView
}

/** In numbers, and by name where there is one. */
export function WhatGoes({ report: { counts, serviceProvider, integration } }: ReportProps) {
  return (
    <Facts
      facts={[
        ['Lists made from groups', formatCount(counts.lists)],
        ['Derived roles', formatCount(counts.systemRoles)],
        ['Service provider', serviceProvider],
        ['OIDC integration', integration],
        [
          'What was read of AWS',
          `${formatCount(counts.accounts)} accounts, ${formatCount(counts.permissionSets)} permission sets`,
        ],
        ['Adopted assignments', formatCount(counts.adoptedAssignments)],
        ['Links', `${formatCount(counts.userLinks)} to users, ${formatCount(counts.groupLinks)} to groups`],
        ['SCIM token', 'the one that Gatehouse keeps'],
      ]}
    />
  )
}

type List = RemovalReportView['lists'][number]
type Dangling = RemovalReportView['dangling'][number]

/** The lists by their titles, and the records that stay and name what goes. */
export function ReportRows({
  report: { lists, dangling, counts },
  isDone = false,
  hasMore,
  isReading,
  onMore,
}: ReportProps & {
  /** It is the report of a removal that was done. */
  readonly isDone?: boolean
  readonly hasMore: boolean
  readonly isReading: boolean
  readonly onMore: () => void
}) {
  const title = isDone ? 'Lists that went' : 'Lists that go'
  return (
    <>
      {lists.length > 0 && (
        <Section title={`${title}: ${formatCount(counts.lists)}`}>
          <div className="short">
            <DataTable label={title} rows={lists} columns={LIST_COLUMNS} idOf={({ id }) => id} total={counts.lists} />
          </div>
        </Section>
      )}
      {dangling.length > 0 && (
        <Section title={`Records that name what goes: ${formatCount(counts.dangling)}`}>
          <div className="short">
            <DataTable
              label="Records that name what goes"
              rows={dangling}
              columns={DANGLING_COLUMNS}
              idOf={({ kind, name }) => `${kind} ${name}`}
              total={counts.dangling}
            />
          </div>
        </Section>
      )}
      {hasMore && (
        <Group>
          <Button variant="default" loading={isReading} onClick={onMore}>
            Show more
          </Button>
        </Group>
      )}
    </>
  )
}

const LIST_COLUMNS: readonly Column<List>[] = [
  { id: 'title', title: 'Access list', cell: ({ title }) => <span title={title}>{title}</span> },
  { id: 'members', title: 'Members', width: 100, align: 'right', cell: ({ members }) => formatCount(members) },
]

const KINDS: Readonly<Record<Dangling['kind'], string>> = {
  access_list: 'list',
  user: 'user',
  role: 'role',
  access_request: 'request',
  bundle: 'bundle',
  approval_rule: 'rule',
  lock: 'lock',
}
const DANGLING_COLUMNS: readonly Column<Dangling>[] = [
  { id: 'kind', title: 'Kind', width: 90, cell: ({ kind }) => KINDS[kind] },
  { id: 'name', title: 'Name', cell: ({ name, title }) => <span title={name}>{title === '' ? name : title}</span> },
  {
    id: 'references',
    title: 'Names',
    cell: ({ references }) => <span title={references.join(', ')}>{references.join(', ')}</span>,
  },
]

/** What the set-up script has made, with what removes it there. */
export function WhatRemains({ report: { remains } }: ReportProps) {
  return (
    <Stack gap="xs">
      <Facts
        facts={[
          ['Role', <Copy key="role" text={remains.roleArn} what="the ARN of the role" />],
          [
            'Identity provider',
            remains.providerArn !== undefined && (
              <Copy key="provider" text={remains.providerArn} what="the ARN of the identity provider" />
            ),
          ],
        ]}
      />
      {remains.commands.length > 0 && (
        <>
          <Text size="sm">These commands remove them, once nothing needs them any more:</Text>
          <Code label="Commands that remove the AWS side" text={remains.commands.join('\n')} />
        </>
      )}
    </Stack>
  )
}
