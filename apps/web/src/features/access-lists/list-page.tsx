import type { AccessListDetailView } from '@gatehouse/api'
import { Alert, Button, Menu, Tabs, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Loaded } from '../../components/loaded.tsx'
import { PageSkeleton } from '../../components/skeleton.tsx'
import { TableSkeleton } from '../../components/table-skeleton.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Page } from '../../components/page.tsx'
import { State } from '../../components/state.tsx'
import { Time } from '../../components/time.tsx'
import { Prose } from '../../components/prose.tsx'
import { sayName } from '../../components/say-name.ts'
import { About } from './about.tsx'
import { DeleteList } from './delete-list.tsx'
import { History } from './history.tsx'
import { sayOwners, sayReviewers, stateOf } from './list-words.ts'
import { listQuery } from './lists-query.ts'
import { Members } from './members.tsx'
import { More } from '../../components/more.tsx'

const route = getRouteApi('/access-lists/$id')
const TABS = ['members', 'about', 'history'] as const

export function ListPage() {
  const { id } = route.useParams()
  const query = useQuery(listQuery(id))
  return (
    <Loaded
      query={query}
      page="access list"
      like={
        <PageSkeleton wide>
          <TableSkeleton />
        </PageSkeleton>
      }
    >
      {(list) => <AccessList list={list} />}
    </Loaded>
  )
}

function AccessList({ list }: { readonly list: AccessListDetailView }) {
  const { tab: asked, ...members } = route.useSearch()
  const navigate = route.useNavigate()
  const maySeeMembers = list.memberCount !== undefined
  const tab = TABS.find((known) => known === asked) ?? (maySeeMembers ? 'members' : 'about')
  const shown = stateOf(list)
  return (
    <Page wide title={list.title} state={shown && <State {...shown} />} actions={<Actions list={list} />}>
      {list.description !== '' && (
        <Text size="sm" className="wrap">
          <Prose text={list.description} />
        </Text>
      )}
      <ReviewNotice list={list} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => void navigate({ search: { tab: TABS.find((known) => known === value) } })}
      >
        <Tabs.List mb="md">
          {maySeeMembers && <Tabs.Tab value="members">Members ({formatCount(list.memberCount ?? 0)})</Tabs.Tab>}
          <Tabs.Tab value="about">What it is and gives</Tabs.Tab>
          {maySeeMembers && <Tabs.Tab value="history">History</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="members">
          <Members
            key={list.id}
            list={list}
            asked={members}
            onAsk={(next, how) => void navigate({ ...how, search: { ...next, tab: asked } })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="about">
          <About list={list} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <History id={list.id} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

function ReviewNotice({ list: { review, owners } }: { readonly list: AccessListDetailView }) {
  if (!review || review.state === 'later') return null
  const color = review.state === 'overdue' ? 'red' : 'yellow'
  return (
    <Alert color={color} icon={<IconAlertTriangle aria-hidden />}>
      {review.suspended ? (
        <>This list gives nothing until {sayReviewers(owners, review)} reviewed it.</>
      ) : (
        <>
          Its review {review.state === 'overdue' ? 'was' : 'is'} due <Time at={review.dueAt} />.
          {review.suspendsAt !== undefined && (
            <>
              {' '}
              Unreviewed, it gives nothing any more from <Time at={review.suspendsAt} /> on.
            </>
          )}
        </>
      )}
      {review.signedOffBy.length > 0 &&
        ` Reviewed by ${review.signedOffBy.length} of ${review.requiredReviewers}: ${review.signedOffBy.map((name) => sayName(name)).join(', ')}.`}
    </Alert>
  )
}

function Actions({ list }: { readonly list: AccessListDetailView }) {
  const { id, may, owners } = list
  const [isDeleting, setDeleting] = useState(false)
  return (
    <>
      {may.review && (
        <Button
          variant={list.review?.state === 'later' ? 'default' : 'filled'}
          renderRoot={(props) => <Link to="/reviews/$id" params={{ id }} {...props} />}
        >
          Review members
        </Button>
      )}
      {may.edit ? (
        <More>
          <Menu.Item renderRoot={(props) => <Link to="/access-lists/$id/edit" params={{ id }} {...props} />}>
            Edit list
          </Menu.Item>
          <Menu.Item className="loss" onClick={() => setDeleting(true)}>
            Delete list
          </Menu.Item>
        </More>
      ) : (
        list.memberCount !== undefined &&
        !may.manageMembers && (
          <Text size="sm" c="dimmed">
            Only owners and administrators change it; owners are {sayOwners(owners)}.
          </Text>
        )
      )}
      <DeleteList list={list} opened={isDeleting} onClose={() => setDeleting(false)} />
    </>
  )
}
