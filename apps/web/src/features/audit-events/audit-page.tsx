import type { AuditEventView } from '@gatehouse/api'
import { Anchor, Button, Text } from '@mantine/core'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { client } from '../../app/client.ts'
import type { Column } from '../../components/data-table.tsx'
import { PageLink } from '../../components/link.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { Problem } from '../../components/problem.tsx'
import { saySubject } from '../../components/say-subject.ts'
import { Time } from '../../components/time.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { auditQuery } from './audit-query.ts'
import { EventDetails } from './event-details.tsx'
import { useExport } from './use-export.tsx'
import { sayMany } from '../../components/say-many.ts'

const route = getRouteApi('/audit')

/** What was recorded, newest first; it goes on by itself. */
export function AuditPage() {
  const { details, ...filter } = route.useSearch()
  const navigate = route.useNavigate()
  const query = useInfiniteQuery(auditQuery(filter))
  const names = Object.fromEntries(query.data?.pages.flatMap((page) => Object.entries(page.names)) ?? [])
  const exporting = useExport(filter)
  const show = (uid: string | undefined): void => void navigate({ search: (before) => ({ ...before, details: uid }) })
  return (
    <Page
      wide
      title="Audit log"
      actions={
        <>
          <Verify />
          {exporting.buttons}
        </>
      }
    >
      {exporting.failure}
      <AuditFilters filter={filter} onChange={(search) => void navigate({ search })} />
      <PagedTable
        query={{ ...query, data: query.data?.pages.flatMap(({ items }) => items) }}
        label="Events"
        noun={['event', 'events']}
        columns={columnsOf(show, names)}
        idOf={({ uid }) => uid}
        keys={{ opens: 'its details' }}
        empty={
          <Empty
            action={
              <PageLink to="/audit" size="sm">
                Show all events
              </PageLink>
            }
          >
            Nothing was recorded that fits.
          </Empty>
        }
      />
      {details !== undefined && <EventDetails key={details} uid={details} onClose={() => show(undefined)} />}
    </Page>
  )
}

const columnsOf = (
  onShow: (uid: string) => void,
  names: Readonly<Record<string, string>>,
): readonly Column<AuditEventView>[] => [
  {
    id: 'event',
    title: 'Event',
    width: 320,
    cell: ({ event, uid }) => (
      <PageLink to="/audit" search={(before) => ({ ...before, details: uid })} size="sm" title={event}>
        {event}
      </PageLink>
    ),
  },
  { id: 'time', title: 'When', width: 130, cell: ({ time }) => <Time at={time} /> },
  { id: 'user', title: 'Who', width: 180, cell: ({ user }) => <span title={user}>{user}</span> },
  {
    id: 'about',
    title: 'About',
    cell: ({ subjects }) => (
      <span title={subjects.join(', ')}>{subjects.map((subject) => saySubject(subject, names)).join(', ')}</span>
    ),
  },
  { id: 'code', title: 'Code', width: 110, cell: ({ code }) => <span className="mono">{code}</span> },
  {
    id: 'details',
    title: 'Details',
    width: 90,
    cell: ({ uid, event }) => (
      <Anchor component="button" type="button" size="sm" aria-label={`Details of ${event}`} onClick={() => onShow(uid)}>
        Details
      </Anchor>
    ),
  },
]

/** Walks the whole chain of hashes, on the server. */
function Verify() {
  const verify = useMutation({ mutationFn: () => client.verifyAuditEvents({}) })
  return (
    <>
      {verify.isError && <Problem error={verify.error} />}
      {verify.data && (
        <Text size="sm" {...(verify.data.intact ? {} : { c: 'red' })} role="status">
          {verify.data.intact
            ? `Chain intact: ${sayMany(verify.data.events, 'event')}`
            : `Chain broken at event ${verify.data.firstBroken ?? '?'}`}
        </Text>
      )}
      <Button variant="default" loading={verify.isPending} onClick={() => verify.mutate()}>
        Verify the chain
      </Button>
    </>
  )
}
