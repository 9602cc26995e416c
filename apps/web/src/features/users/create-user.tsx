import { contract } from '@gatehouse/api'
import { Alert, Button, Group, List, Modal, Stack, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { client, queryClient } from '../../app/client.ts'
import { bindFields } from '../../components/bind-fields.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { PageLink } from '../../components/link.tsx'
import { RolesInput } from '../../components/pickers.tsx'
import { Problem } from '../../components/problem.tsx'
import { parseFormOf } from '../../components/parse-form.ts'
import { useDraft } from '../../components/use-draft.ts'
import { useFields } from '../../components/use-fields.ts'
import { PasswordLink } from './password-link.tsx'

export function CreateUser({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Who is to be a user?" size="lg">
      <CreateForm onClose={onClose} />
    </Modal>
  )
}

interface NewUser {
  readonly name: string
  readonly roles: readonly string[]
}

const START: NewUser = { name: '', roles: [] }

function CreateForm({ onClose }: { readonly onClose: () => void }) {
  const draft = useDraft('new-user', START, parseFormOf(START))
  const { name, roles } = draft.value
  const body = { name: name.trim(), roles: [...roles] }
  const fields = useFields({
    values: draft.value,
    places: { name: 'body.name', roles: 'body.roles' },
    sent: [contract.createUser, body],
  })
  const { text, names } = bindFields(draft.value, fields.at, (part) => draft.set({ ...draft.value, ...part }))
  const create = useMutation({
    mutationFn: () => client.createUser({ body }),
    onError: fields.refuse,
    onSuccess() {
      draft.clear()
      return queryClient.invalidateQueries({ queryKey: ['users'] })
    },
  })
  if (create.isSuccess)
    return (
      <Stack>
        {create.data.warnings.length > 0 && (
          <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />}>
            <List size="sm">
              {create.data.warnings.map((warning) => (
                <List.Item key={warning}>{warning}</List.Item>
              ))}
            </List>
          </Alert>
        )}
        <PasswordLink link={create.data.link} />
        <Group>
          <Button onClick={onClose}>I have given it</Button>
          <PageLink to="/users/$name" params={{ name: create.data.user.name }} size="sm">
            Show the user
          </PageLink>
        </Group>
      </Stack>
    )
  return (
    <form {...fields.form} onSubmit={fields.onSubmit(() => create.mutate())}>
      <Stack>
        <TextInput
          label="User name"
          description="An e-mail address: AWS knows users by it. A user of another form is not pushed to AWS."
          required
          data-autofocus
          maxLength={256}
          {...text('name')}
        />
        <RolesInput label="Roles" description="Enter ends a name." {...names('roles')} />
        {fields.problem !== undefined && <Problem error={fields.problem} />}
        <FormButtons
          verb="Create user"
          isBusy={create.isPending}
          onLeave={() => {
            draft.clear()
            onClose()
          }}
        />
      </Stack>
    </form>
  )
}
