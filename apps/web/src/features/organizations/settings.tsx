import type { OrganizationView } from '@gatehouse/api'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMay } from '../../app/session.ts'
import { Copy } from '../../components/copy.tsx'
import { Facts } from '../../components/facts.tsx'
import { sayPart } from '../../components/filter-editor.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Section } from '../../components/section.tsx'
import { Accounts } from './accounts.tsx'
import { organizationQuery } from './organizations-query.ts'
import { RotateToken } from './rotate-token.tsx'
import { DRIFT_KINDS } from './drift-kinds.ts'

/** How the organization is enrolled. */
export function Settings({ organization }: { readonly organization: string }) {
  const query = useQuery(organizationQuery(organization))
  return <Loaded query={query}>{(known) => <Known organization={known} />}</Loaded>
}

function Known({ organization: known }: { readonly organization: OrganizationView }) {
  const { credentials, removalBudget, driftPolicy } = known
  return (
    <Stack gap="lg">
      <Change name={known.name} />
      <Section title="In AWS">
        <Facts
          facts={[
            ['Instance', <Copy key="instance" text={known.instanceArn} what="the ARN of the instance" />],
            ['Identity store', known.identityStoreId],
            ['Region', known.region],
            ['Role', <Copy key="role" text={credentials.roleArn} what="the ARN of the role" />],
            [
              'Signs in to it by',
              credentials.source === 'oidc' ? `OIDC, ${credentials.integration}` : 'own credentials',
            ],
            ['SCIM', <Copy key="scim" text={known.scimUrl} what="the SCIM address" />],
            ['Access portal', <Copy key="portal" text={known.portalUrl} what="the address of the portal" />],
          ]}
        />
      </Section>
      <Section title="What is governed">
        <Facts
          facts={[
            ['Accounts', <Filter key="accounts" filter={known.accountFilter} />],
            ['Groups taken over as lists', <Filter key="groups" filter={known.groupFilter} />],
            [
              'Users pushed',
              known.hybrid
                ? 'none: another identity provider does it'
                : known.userFilter.length === 0
                  ? 'all'
                  : known.userFilter.map(sayLabels).join(', or '),
            ],
            ['Roles for every account and permission set', known.rolesSyncMode === 'ALL' ? 'yes' : 'no'],
            ['Owners of lists made from groups', known.defaultOwners.join(', ')],
          ]}
        />
      </Section>
      <Section title="Inside and outside the filter">
        <AccountsOf name={known.name} />
      </Section>
      <Section title="The guard">
        <Facts
          facts={[
            [
              'Removals that nobody decided',
              `held back beyond ${removalBudget.atLeast}, or ${removalBudget.percent} % of what there is`,
            ],
            ...DRIFT_KINDS.map(([kind, label]) => [label, DRIFT[driftPolicy[kind] ?? 'revert']] as const),
          ]}
        />
      </Section>
    </Stack>
  )
}

function AccountsOf({ name }: { readonly name: string }) {
  const mayRead = useMay('read', 'aws_identity_center')
  if (mayRead) return <Accounts organization={name} />
  return (
    <Text size="sm" c="dimmed">
      Seeing them takes the right to read what Identity Center holds.
    </Text>
  )
}

function Change({ name }: { readonly name: string }) {
  const mayUpdate = useMay('update', 'plugin')
  if (!mayUpdate)
    return (
      <Text size="sm" c="dimmed">
        Changing them takes the right to update integrations.
      </Text>
    )
  return (
    <Group gap="xs">
      <Button renderRoot={(props) => <Link to="/organizations/$name/edit" params={{ name }} {...props} />}>
        Edit settings
      </Button>
      <RotateToken organization={name} />
    </Group>
  )
}

const DRIFT = {
  revert: 'is put back',
  report: 'is reported, and waits for a person',
  adopt: 'is adopted as decided here',
} as const

const sayLabels = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key} is ${value}`)
    .join(' and ')

function Filter({ filter }: { readonly filter: OrganizationView['accountFilter'] }) {
  if (filter.length === 0) return <>all</>
  return (
    <>
      {filter.map(sayPart).map((part) => (
        <Text key={part} size="sm" className="wrap">
          {part}
        </Text>
      ))}
    </>
  )
}
