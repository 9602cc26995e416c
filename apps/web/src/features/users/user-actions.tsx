import type { UserDetailView } from '@gatehouse/api'
import { Button, List, Menu, Modal, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { useMay, useSession } from '../../app/session.ts'
import { Confirm } from '../../components/confirm.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Problem } from '../../components/problem.tsx'
import { showToast } from '../../components/toasts.tsx'
import { sayName } from '../../components/say-name.ts'
import { EditUser } from './edit-user.tsx'
import { PasswordLink } from './password-link.tsx'
import { accessOfQuery } from './users-query.ts'
import { More } from '../../components/more.tsx'

export function UserActions({ user }: { readonly user: UserDetailView }) {
  const { name, locked } = user
  const isOneself = useSession()?.user.name === name
  const [mayUpdate, mayDelete, mayLock] = [useMay('update', 'user'), useMay('delete', 'user'), useMay('create', 'lock')]
  const [isEditing, editing] = useDisclosure()
  const [isDeleting, setDeleting] = useState(false)
  const navigate = useNavigate()
  const link = useMutation({ mutationFn: () => client.createPasswordLink({ params: { name } }) })
  return (
    <>
      {mayUpdate && <Button onClick={editing.open}>Edit user</Button>}
      {mayLock && !locked && (
        <Button variant="default" renderRoot={(props) => <Link to="/locks" search={{ user: name }} {...props} />}>
          Lock user
        </Button>
      )}
      {(mayUpdate || mayDelete) && (
        <More>
          {mayUpdate && <Menu.Item onClick={() => link.mutate()}>Make a one-time password link</Menu.Item>}
          {mayDelete && (
            <Menu.Item className="loss" disabled={isOneself} onClick={() => setDeleting(true)}>
              {isOneself ? 'Delete user (somebody else has to)' : 'Delete user'}
            </Menu.Item>
          )}
        </More>
      )}
      <Modal
        opened={link.isSuccess || link.isError}
        onClose={link.reset}
        title="A link to set a new password"
        size="lg"
      >
        {link.isSuccess && <PasswordLink link={link.data} />}
        {link.isError && <Problem error={link.error} />}
      </Modal>
      {isEditing && <EditUser name={name} onClose={editing.close} />}
      <Confirm
        opened={isDeleting}
        onClose={() => setDeleting(false)}
        title={`Delete ${sayName(name)}?`}
        verb="Delete user"
        run={(confirmRemovals) => client.deleteUser({ params: { name }, query: { confirmRemovals } })}
        onDone={() => {
          showToast(`${sayName(name)} is deleted.`)
          void queryClient.invalidateQueries({ queryKey: ['users'] })
          void navigate({ to: '/users', search: {} })
        }}
      >
        <Text size="sm">
          The user is signed out everywhere, leaves every list and loses all access in AWS within seconds. A user that
          Gatehouse made in AWS is deleted there; one that was there before is deactivated. This cannot be taken back; a
          lock can.
        </Text>
        {isDeleting && <HeldNow user={name} />}
      </Confirm>
    </>
  )
}

const NAMED = 8

/** What goes with the user. */
function HeldNow({ user }: { readonly user: string }) {
  const query = useQuery(accessOfQuery(user))
  return (
    <Loaded query={query}>
      {({ paths }) => {
        const held = [
          ...new Set(
            paths.map(
              ({ permissionSetName, accountName }) => `${sayName(permissionSetName)} on ${sayName(accountName)}`,
            ),
          ),
        ]
        if (held.length === 0) return <Text size="sm">The user has no access to an AWS account now.</Text>
        return (
          <List size="sm" className="loss">
            {held.slice(0, NAMED).map((what) => (
              <List.Item key={what} className="wrap">
                {what}
              </List.Item>
            ))}
            {held.length > NAMED && <List.Item>and {formatCount(held.length - NAMED)} more</List.Item>}
          </List>
        )
      }}
    </Loaded>
  )
}
