import type { RemovalReportView } from '@gatehouse/api'
import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { Confirm } from '../../components/confirm.tsx'
import { PageLink } from '../../components/link.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Section } from '../../components/section.tsx'
import { LONGEST_SESSION, SessionsEnd } from '../../components/sessions-end.tsx'
import { AskForMade, MadeRows, Underway } from './removal-made.tsx'
import { type Choice, removalOf, removalQuery, wholeOf } from './removal-query.ts'
import { ReportRows, WhatGoes, WhatRemains } from './removal-report.tsx'
import { sayMany } from '../../components/say-many.ts'
import { Time } from '../../components/time.tsx'

const route = getRouteApi('/organizations/$name/removal')

/** Before: what goes, what will dangle, and what stands against it. After: what went. */
export function RemovalPage() {
  const { name } = route.useParams()
  return <Removal key={name} name={name} />
}

function Removal({ name }: { readonly name: string }) {
  const [done, setDone] = useState<RemovalReportView>()
  return done ? <After report={done} /> : <Before name={name} onRemoved={setDone} />
}

const NOTHING: Choice = { identitySourceChanged: false, strip: false, release: [], removeMade: false }

function Before({
  name,
  onRemoved,
}: {
  readonly name: string
  readonly onRemoved: (report: RemovalReportView) => void
}) {
  const [choice, setChoice] = useState(NOTHING)
  const query = useInfiniteQuery(removalQuery(name, choice))
  const report = query.data && wholeOf(query.data.pages)
  return (
    <Page title={`Remove ${name}?`}>
      <Loaded query={{ ...query, data: report }}>
        {(known) => (
          <Stack gap="lg" maw={960}>
            <Text size="sm">
              {known.begun || choice.removeMade
                ? 'Gatehouse forgets the organization once AWS has let go of what Gatehouse made there. Everything else stays in AWS, and nobody governs it from here any more.'
                : 'Gatehouse forgets the organization. AWS stays as it is: users, groups and assignments are still there, and nobody governs them from here any more.'}
            </Text>
            <Underway report={known} choice={choice} onChange={setChoice} />
            <Conditions report={known} choice={choice} onChange={setChoice} />
            <Blockers report={known} />
            <Section title="What goes">
              <WhatGoes report={known} />
            </Section>
            <MadeRows report={known} />
            <ReportRows
              report={known}
              hasMore={query.hasNextPage}
              isReading={query.isFetchingNextPage}
              onMore={() => void query.fetchNextPage()}
            />
            <Section title="What stays in AWS">
              <WhatRemains report={known} />
            </Section>
            <Remove
              name={name}
              report={known}
              choice={choice}
              isOfBefore={query.isPlaceholderData}
              onRemoved={onRemoved}
            />
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}

function Conditions({
  report,
  choice,
  onChange,
}: {
  readonly report: RemovalReportView
  readonly choice: Choice
  readonly onChange: (choice: Choice) => void
}) {
  const toggle = (key: string, isOn: boolean): void =>
    onChange({ ...choice, release: isOn ? [...choice.release, key] : choice.release.filter((one) => one !== key) })
  return (
    <Section title="What you say">
      <Stack gap="sm">
        {report.serviceProvider !== undefined && (
          <Checkbox
            label="Identity Center has another identity source by now"
            description="Change it in AWS’s console first: otherwise nobody can sign in to AWS once this is done."
            checked={choice.identitySourceChanged}
            onChange={(event) => onChange({ ...choice, identitySourceChanged: event.currentTarget.checked })}
          />
        )}
        {report.counts.dangling > 0 && (
          <Checkbox
            label="Take the names of what goes out of lists and users that stay"
            description="Otherwise they go on naming roles that are no more."
            checked={choice.strip}
            onChange={(event) => onChange({ ...choice, strip: event.currentTarget.checked })}
          />
        )}
        {!report.begun && <AskForMade choice={choice} onChange={onChange} />}
        {report.withEnd.map(({ key, summary, until }) => (
          <Checkbox
            key={key}
            label={`Leave it in AWS without an end: ${summary}`}
            description={
              until === undefined ? undefined : (
                <>
                  It would end <Time at={until} />.
                </>
              )
            }
            checked={choice.release.includes(key)}
            onChange={(event) => toggle(key, event.currentTarget.checked)}
          />
        ))}
        {report.leaving.map(({ key, summary }) => (
          <Checkbox
            key={key}
            label={`Leave it in AWS although it was taken away here: ${summary}`}
            checked={choice.release.includes(key)}
            onChange={(event) => toggle(key, event.currentTarget.checked)}
          />
        ))}
      </Stack>
    </Section>
  )
}

function Blockers({ report: { blockers, warnings } }: { readonly report: RemovalReportView }) {
  return (
    <>
      {blockers.map(({ message, remedy }) => (
        <Alert key={message} color="red" icon={<IconCircleX aria-hidden />} title={message} role="status">
          {sayForPeople(remedy)}
        </Alert>
      ))}
      {warnings.map((warning) => (
        <Alert key={warning} color="yellow" icon={<IconAlertTriangle aria-hidden />}>
          {warning}
        </Alert>
      ))}
    </>
  )
}

/** The server names options of the command line; here they are tick boxes. */
const sayForPeople = (remedy: string): string => remedy.replaceAll(/ \((--|tctl )[^)]*\)/g, '')

function Remove({
  name,
  report: { counts, blockers, begun },
  choice,
  isOfBefore,
  onRemoved,
}: {
  readonly name: string
  readonly report: RemovalReportView
  readonly choice: Choice
  /** The report is of another choice, until the answer to this one is there. */
  readonly isOfBefore: boolean
  readonly onRemoved: (report: RemovalReportView) => void
}) {
  const [isOpen, setOpen] = useState(false)
  const removed = useRef<RemovalReportView>(undefined)
  return (
    <>
      <Group>
        <Button color="red" disabled={blockers.length > 0 || isOfBefore} onClick={() => setOpen(true)}>
          {begun ? 'End the removal' : 'Remove the organization'}
        </Button>
        <Button
          variant="default"
          renderRoot={(props) => <Link to="/organizations/$name" params={{ name }} {...props} />}
        >
          Leave it
        </Button>
        {blockers.length > 0 && (
          <Text size="sm" c="dimmed">
            Not while something stands against it: see above.
          </Text>
        )}
      </Group>
      <Confirm
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={begun ? `End the removal of "${name}"?` : `Remove "${name}"?`}
        verb={begun ? 'End the removal' : 'Remove the organization'}
        run={async (confirmRemovals) => {
          const { body, ...asked } = removalOf(name, choice)
          const confirmed = confirmRemovals === undefined ? {} : { confirmRemovals }
          removed.current = await client.removeOrganization({ ...asked, body: { ...body, ...confirmed } })
        }}
        onDone={() => {
          if (removed.current?.state === 'begun')
            return void queryClient.invalidateQueries({ queryKey: ['removal', name] })
          forget(name)
          if (removed.current) onRemoved(removed.current)
        }}
      >
        {!begun && counts.made > 0 && (
          <Text size="sm">
            AWS lets go of what Gatehouse made there and is listed here ({formatCount(counts.made)}), within minutes.
            Whoever has access only by them loses it. <SessionsEnd longest={LONGEST_SESSION} /> The organization is
            forgotten after that, when you end the removal here.
          </Text>
        )}
        <Text size="sm">
          {sayMany(counts.lists, 'list')} made from groups and {sayMany(counts.systemRoles, 'derived role')} go, and
          {counts.dangling > 0
            ? ` ${sayMany(counts.dangling, 'record here names', 'records here name')} them.`
            : ' nothing else names them.'}{' '}
          It can’t be undone; enrolling again finds in AWS what is there.
        </Text>
      </Confirm>
    </>
  )
}

const sayThings = ({ assignments, groups }: { readonly assignments: number; readonly groups: number }): string =>
  `${formatCount(assignments)} ${assignments === 1 ? 'assignment' : 'assignments'} and ${formatCount(groups)} ${groups === 1 ? 'group' : 'groups'}`

function After({ report }: { readonly report: RemovalReportView }) {
  return (
    <Page title={`${report.organization} is removed`}>
      <Stack gap="lg" maw={960}>
        <Alert color="green" icon={<IconCircleCheck aria-hidden />} title="This is what went." role="status">
          {report.taken
            ? `Of what Gatehouse made, AWS has let go of ${sayThings(report.taken.removed)} and still has ${sayThings(report.taken.left)}. Users, and what was there before, are left as they are. `
            : 'AWS was left as it is. '}
          The audit log has it, too:{' '}
          <PageLink to="/audit" search={{ event: 'plugin.delete' }} size="sm" underline="always">
            what happened
          </PageLink>
          .
        </Alert>
        <WhatGoes report={report} />
        <MadeRows report={report} />
        <ReportRows isDone report={report} hasMore={false} isReading={false} onMore={() => undefined} />
        <Section title="What stays in AWS">
          <WhatRemains report={report} />
        </Section>
        <Group>
          <Button renderRoot={(props) => <Link to="/organizations" {...props} />}>Show the organizations</Button>
        </Group>
      </Stack>
    </Page>
  )
}

const forget = (name: string): void => {
  queryClient.removeQueries({ queryKey: ['organization', name] })
  void queryClient.invalidateQueries({ queryKey: ['organizations'] })
}
