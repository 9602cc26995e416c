import type { Document } from '@gatehouse/api'
import { Button, Grid, List, Menu, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { stringify } from 'yaml'
import { client, queryClient } from '../../app/client.ts'
import { useMay } from '../../app/session.ts'
import type { AssignmentRow } from '../../components/assignment-rows.tsx'
import { Code } from '../../components/code.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { Copy } from '../../components/copy.tsx'
import { type Fact, Facts } from '../../components/facts.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { State } from '../../components/state.tsx'
import { makingAgain } from '../../components/put-back.ts'
import { showToast } from '../../components/toasts.tsx'
import { Name } from '../../components/name.tsx'
import { Prose } from '../../components/prose.tsx'
import { sayName } from '../../components/say-name.ts'
import { assignmentsOf, sayUses } from './role-summary.ts'
import { isBuiltIn } from './is-built-in.ts'
import { isSystem, readRolesAgain, roleQuery } from './roles-query.ts'
import { usePlaceNames } from '../../components/catalogue.ts'
import { PageLink } from '../../components/link.tsx'
import { More } from '../../components/more.tsx'

const route = getRouteApi('/roles/$name')

export function RolePage() {
  const { name } = route.useParams()
  const query = useQuery(roleQuery(name))
  return (
    <Loaded query={query} page="role">
      {(role) => <Role role={role} />}
    </Loaded>
  )
}

function Role({ role }: { readonly role: Document }) {
  const { name, description } = role.metadata
  const isDerived = isSystem(role)
  const mayListEvents = useMay('list', 'event')
  return (
    <Page
      title={name}
      state={(isDerived || isBuiltIn(role)) && <State state="ended" label={isDerived ? 'system role' : 'built in'} />}
      actions={!isDerived && !isBuiltIn(role) && <Actions name={name} />}
    >
      {description !== undefined && (
        <Text size="sm" className="wrap">
          <Prose text={description} />
        </Text>
      )}
      {isDerived && (
        <Text size="sm">
          It means exactly this permission set on this account. It is there as long as AWS has both, and there is
          nothing to edit: name it in a list, a role or a request.
        </Text>
      )}
      {isBuiltIn(role) && (
        <Text size="sm">
          It comes with Gatehouse and stays as it is. For something else, create a role of your own.
        </Text>
      )}
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="lg">
            <Assignments title="Gives" rows={assignmentsOf(role, 'allow')} />
            <Assignments title="Denies" rows={assignmentsOf(role, 'deny')} />
            <Facts facts={factsOf(role)} />
            {mayListEvents && !isDerived && (
              <PageLink to="/audit" search={{ subject: `role:${name}` }} size="sm">
                What happened with this role
              </PageLink>
            )}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Code label="The role as YAML" text={stringify(role, { lineWidth: 0, aliasDuplicateObjects: false })} />
        </Grid.Col>
      </Grid>
    </Page>
  )
}

const factsOf = (role: Document): readonly Fact[] => [
  ['What it is for', sayUses(role).join(', ')],
  ['Version', role.version],
  ['Name', <Copy text={role.metadata.name} what="the name" />],
]

const SHOWN = 50

function Assignments({ title, rows }: { readonly title: string; readonly rows: readonly AssignmentRow[] }) {
  const { accountOf, setOf } = usePlaceNames(rows.length > 0)
  if (rows.length === 0) return null
  return (
    <section aria-label={title}>
      <Title order={2} mb="xs">
        {title}
      </Title>
      <List size="sm" listStyleType="none" spacing={4}>
        {rows.slice(0, SHOWN).map(({ account, permissionSet }) => (
          <List.Item key={`${account} ${permissionSet}`} className="wrap">
            {permissionSet === '*' ? 'every permission set' : <Name text={setOf(permissionSet)} />} on{' '}
            {account === '*' ? 'every account' : <Name text={accountOf(account)} />}
          </List.Item>
        ))}
        {rows.length > SHOWN && <List.Item>and {rows.length - SHOWN} more</List.Item>}
      </List>
    </section>
  )
}

function Actions({ name }: { readonly name: string }) {
  const [mayEdit, mayDelete] = [useMay('update', 'role'), useMay('delete', 'role')]
  const [isDeleting, setDeleting] = useState(false)
  const deleted = useRef<Document>(undefined)
  const navigate = route.useNavigate()
  return (
    <>
      {mayEdit && (
        <Button renderRoot={(props) => <Link to="/roles/$name/edit" params={{ name }} {...props} />}>Edit role</Button>
      )}
      {mayDelete && (
        <More>
          <Menu.Item className="loss" onClick={() => setDeleting(true)}>
            Delete role
          </Menu.Item>
        </More>
      )}
      <Confirm
        opened={isDeleting}
        onClose={() => setDeleting(false)}
        title={`Delete the role "${sayName(name)}"?`}
        verb="Delete role"
        run={async (confirmRemovals) => {
          const params = { kind: 'role', name } as const
          // As it is now, which the page may not show.
          deleted.current = await client.getDocument({ params })
          await client.deleteDocument({ params, query: { confirmRemovals } })
        }}
        onDone={() => {
          const words = `the role "${sayName(name)}"`
          showToast(
            `The role "${sayName(name)}" is deleted.`,
            makingAgain(deleted.current, { words, refresh: readRolesAgain }),
          )
          void queryClient.invalidateQueries({ queryKey: ['roles'] })
          void navigate({ to: '/roles', search: {} })
        }}
      >
        <Text size="sm">
          A role that a user or a list still has is kept, and what holds it is named. Otherwise it goes at once, with
          what it allows to ask for and to review.
        </Text>
      </Confirm>
    </>
  )
}
