import type { AccessListDetailView } from '@gatehouse/api'
import { Badge, Grid, List, Stack, Text } from '@mantine/core'
import { Copy } from '../../components/copy.tsx'
import { type Fact, Facts } from '../../components/facts.tsx'
import { PageLink } from '../../components/link.tsx'
import { RoleLinks } from '../../components/role-links.tsx'
import { Section } from '../../components/section.tsx'
import { Time } from '../../components/time.tsx'
import { Name } from '../../components/name.tsx'
import { Groups } from './groups.tsx'
import { Departures } from './departures.tsx'
import { sayType } from './list-words.ts'
import { Nesting } from './nesting.tsx'
import { sayDuration } from '../../components/say-duration.ts'

/** What a list is, asks for and gives, and where it stands among the others. */
export function About({ list }: { readonly list: AccessListDetailView }) {
  return (
    <Grid gap="xl" maw={1280}>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Stack gap="lg">
          <Section title="Owners">
            <Owners owners={list.owners} />
          </Section>
          <Section title="What it gives">
            <Facts
              facts={[
                ...grantFacts('To members', list.grants),
                ...grantFacts('To owners', list.ownerGrants),
                ...(list.grants.roles.length + list.ownerGrants.roles.length === 0
                  ? ([['To members', 'no role']] as const)
                  : []),
              ]}
            />
          </Section>
          <Section title="What it asks for">
            <Facts
              facts={[
                ...grantFacts('Of members', list.membershipRequires),
                ...grantFacts('Of owners', list.ownershipRequires),
                ...(isNothing(list.membershipRequires) && isNothing(list.ownershipRequires)
                  ? ([['Of everybody', 'nothing']] as const)
                  : []),
              ]}
            />
          </Section>
          <Section title="Review">
            <Facts facts={reviewFacts(list)} />
          </Section>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Stack gap="lg">
          <Section title="In AWS">
            <Groups groups={list.groups} />
            <Departures departures={list.departures} />
          </Section>
          <Section title="Lists in one another">
            <Nesting list={list} />
          </Section>
          <Facts
            facts={[
              ['Type', sayType(list.type)],
              ...Object.entries(list.labels).map(([key, value]): Fact => [key, value]),
              ['Id', <Copy text={list.id} what="the id" />],
            ]}
          />
        </Stack>
      </Grid.Col>
    </Grid>
  )
}

type Grants = AccessListDetailView['grants']
const isNothing = ({ roles, traits }: Grants): boolean => roles.length === 0 && Object.keys(traits).length === 0

const grantFacts = (who: string, { roles, traits }: Grants): readonly Fact[] => [
  ...(roles.length === 0 ? [] : [[who, <RoleLinks key="roles" roles={roles} />] as const]),
  ...Object.entries(traits).map(([trait, values]): Fact => [`${who}, trait ${trait}`, values.join(', ')]),
]

function Owners({ owners }: Pick<AccessListDetailView, 'owners'>) {
  return (
    <List size="sm" listStyleType="none" spacing={4}>
      {owners.map(({ kind, name, title, description, ineligible }) => (
        <List.Item key={`${kind} ${name}`} className="wrap">
          {kind === 'list' ? (
            <>
              <PageLink to="/access-lists/$id" params={{ id: name }} size="sm">
                {title ?? name}
              </PageLink>{' '}
              <Badge color="gray">list</Badge>
            </>
          ) : (
            <Name text={name} />
          )}
          {description !== '' && (
            <Text span c="dimmed" size="sm">
              {' '}
              <Name text={description} most={300} />
            </Text>
          )}
          {ineligible !== undefined && (
            <Text size="sm" c="var(--warning)">
              does not count: {ineligible}
            </Text>
          )}
        </List.Item>
      ))}
    </List>
  )
}

const MONTHS: Readonly<Record<number, string>> = { 1: 'every month', 12: 'every year' }
const DAYS: Readonly<Record<number, string>> = { 1: 'on the 1st', 15: 'on the 15th', 31: 'on the last day' }

function reviewFacts({ frequencyMonths, dayOfMonth, nextAuditDate, review }: AccessListDetailView): readonly Fact[] {
  if (!review) return [['Reviewed', 'elsewhere']]
  const { requiredReviewers, escalation, suspendsAt, opensAt } = review
  return [
    ['Repeats', `${MONTHS[frequencyMonths] ?? `every ${frequencyMonths} months`}, ${DAYS[dayOfMonth] ?? ''}`],
    ['Next', nextAuditDate !== undefined && <Time at={nextAuditDate} />],
    ['Opens', <Time at={opensAt} />],
    ['Gives nothing from', suspendsAt !== undefined && <Time at={suspendsAt} />],
    ['Reviewers needed', String(requiredReviewers)],
    ['Overdue, it goes to', escalation && `${escalation.to.join(', ')} after ${sayDuration(escalation.after)}`],
  ]
}
