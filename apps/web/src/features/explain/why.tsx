import type { AccessPathView, ExplanationView } from '@gatehouse/api'
import { SegmentedControl, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Fragment } from 'react'
import { Copy } from '../../components/copy.tsx'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Empty } from '../../components/page.tsx'
import { formatCount } from '../../components/format-count.ts'
import { RoleLink } from '../../components/role-links.tsx'
import { Section } from '../../components/section.tsx'
import { Time, TimeLeft } from '../../components/time.tsx'
import { Name } from '../../components/name.tsx'
import { sayName } from '../../components/say-name.ts'
import { Undecided } from '../users/access.tsx'
import { AccessGraph } from './access-graph.tsx'
import { AccessTimeline } from './access-timeline.tsx'
import { type Asked, whyQuery } from './explain-query.ts'

interface Look {
  readonly look: 'graph' | 'table'
  readonly onLook: (look: 'graph' | 'table') => void
}

/** Every way that leads one person to what he has, as a picture to walk and as a table. */
export function Why({ asked, ...how }: { readonly asked: Asked } & Look) {
  const query = useQuery(whyQuery(asked))
  const { user, account, permissionSet } = asked
  return (
    <Stack gap="lg">
      {user !== undefined && account !== undefined && permissionSet !== undefined && (
        <AccessTimeline asked={{ user, account, permissionSet }} />
      )}
      <Loaded query={query}>{(explanation) => <Explained explanation={explanation} {...how} />}</Loaded>
    </Stack>
  )
}

function Explained({
  explanation: { user, paths, withheld, undecided, totals },
  look,
  onLook,
}: {
  readonly explanation: ExplanationView
} & Look) {
  return (
    <Stack>
      {paths.length === 0 ? (
        <Empty>{user} has no such access.</Empty>
      ) : (
        <>
          <SegmentedControl
            aria-label="How to show it"
            data={[
              { value: 'graph', label: 'Graph' },
              { value: 'table', label: 'Table' },
            ]}
            value={look}
            onChange={(value) => onLook(value === 'table' ? value : 'graph')}
            w={200}
          />
          {paths.length < totals.paths && (
            <Text size="sm">
              The first {formatCount(paths.length)} of {formatCount(totals.paths)} ways; name an account for others.
            </Text>
          )}
          {look === 'graph' ? <AccessGraph user={user} paths={paths} /> : <PathTable user={user} paths={paths} />}
        </>
      )}
      {undecided.length > 0 && <Undecided undecided={undecided} />}
      {withheld.length > 0 && (
        <Section title="Granted and not given">
          {withheld.map(({ accountName, permissionSetName, reason }) => (
            <Text key={`${accountName} ${permissionSetName} ${reason}`} size="sm" className="wrap">
              {[permissionSetName, accountName]
                .flatMap((known) => (known === undefined ? [] : [sayName(known)]))
                .join(' on ')}
              : <Name text={reason} most={300} />
            </Text>
          ))}
        </Section>
      )}
    </Stack>
  )
}

/** Each permission set leads to what became of it. */
function PathTable({ user, paths }: { readonly user: string; readonly paths: readonly AccessPathView[] }) {
  return (
    <section className="table-frame" aria-label="Ways to the access" tabIndex={0}>
      <Table miw={960}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Account</Table.Th>
            <Table.Th w={190}>Permission set</Table.Th>
            <Table.Th>By</Table.Th>
            <Table.Th>Approved by</Table.Th>
            <Table.Th>Ends</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {paths.map((path) => (
            <Table.Tr key={JSON.stringify(path)}>
              <Table.Td className="wrap">
                <Name text={path.accountName} />
                <Copy text={path.account} what={`the id of ${sayName(path.accountName)}`} />
              </Table.Td>
              <Table.Td className="wrap">
                <PageLink
                  to="/explorer"
                  search={{ user, account: path.account, permissionSet: path.permissionSet, look: 'table' }}
                  size="sm"
                >
                  {path.permissionSetName}
                </PageLink>
              </Table.Td>
              <Table.Td className="wrap">
                <By path={path} />
              </Table.Td>
              <Table.Td className="wrap">
                {path.approvals?.map(({ by, at }) => (
                  <Text key={by} size="sm">
                    <Name text={by} />, <Time at={at} />
                  </Text>
                ))}
              </Table.Td>
              <Table.Td>{path.until !== undefined && <TimeLeft until={path.until} />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  )
}

function By({ path: { kind, role, request, lists, as, keptBy } }: { readonly path: AccessPathView }) {
  if (kind === 'request' && request !== undefined)
    return (
      <PageLink to="/requests/$id" params={{ id: request }} size="sm">
        {role === undefined ? 'a request' : `a request for the role ${sayName(role)}`}
      </PageLink>
    )
  if (kind === 'list')
    return (
      <>
        {lists?.map(({ name, title }, index) => (
          <Fragment key={name}>
            {index > 0 && ' in '}
            <PageLink to="/access-lists/$id" params={{ id: name }} size="sm">
              {sayName(title)}
            </PageLink>
          </Fragment>
        ))}
        {as === 'owners' && ' (as owner)'}
        {role !== undefined && (
          <>
            , role <RoleLink name={role} />
          </>
        )}
      </>
    )
  if (kind === 'adopted')
    return <>found in AWS and {keptBy === undefined ? 'taken over' : `kept by ${sayName(keptBy)}`}</>
  return <>role {role !== undefined && <RoleLink name={role} />}</>
}
