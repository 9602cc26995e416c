import { contract } from '@gatehouse/api'
import { Button, Checkbox, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { Problem } from '../../components/problem.tsx'
import { showToast } from '../../components/toasts.tsx'
import { useFields } from '../../components/use-fields.ts'

/** A new token in the place of the present one, which stays in use until AWS has taken the new one. */
export function RotateToken({ organization }: { readonly organization: string }) {
  const [isOpen, { open, close }] = useDisclosure()
  return (
    <>
      <Button variant="default" onClick={open}>
        Rotate the SCIM token
      </Button>
      <Modal opened={isOpen} onClose={close} title="Which token is the new one?">
        <RotateForm organization={organization} onClose={close} />
      </Modal>
    </>
  )
}

function RotateForm({ organization, onClose }: { readonly organization: string; readonly onClose: () => void }) {
  const [token, setToken] = useState('')
  const [isUntested, setUntested] = useState(false)
  const body = { scimToken: token.trim(), validate: !isUntested }
  const fields = useFields({
    values: { token },
    places: { token: 'body.scimToken' },
    sent: [contract.rotateScimToken, body],
  })
  const rotate = useMutation({
    mutationFn: () => client.rotateScimToken({ params: { name: organization }, body }),
    onError: fields.refuse,
    onSuccess() {
      showToast(`The new token of "${organization}" is in use. Delete the former one in AWS’s console.`)
      void queryClient.invalidateQueries({ queryKey: ['organization', organization] })
      onClose()
    },
  })
  return (
    <form {...fields.form} onSubmit={fields.onSubmit(() => rotate.mutate())}>
      <Stack>
        <Text size="sm">
          Make a second token in AWS’s console: “Settings”, “Automatic provisioning”, “Generate token”. It is tried
          first; if AWS does not take it, the present one stays in use. Delete that one in the console afterwards.
        </Text>
        <PasswordInput
          label="New access token"
          required
          data-autofocus
          autoComplete="off"
          maxLength={8192}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the token' }}
          value={token}
          {...fields.at('token')}
          onChange={(event) => setToken(event.currentTarget.value)}
        />
        <Checkbox
          label="Take it without trying it"
          description="Only while AWS can’t be reached: a wrong token stops every push."
          checked={isUntested}
          onChange={(event) => setUntested(event.currentTarget.checked)}
        />
        {fields.problem !== undefined && <Problem error={fields.problem} />}
        <Group>
          <Button type="submit" loading={rotate.isPending}>
            Use the new token
          </Button>
          <Button variant="default" onClick={onClose}>
            Keep the present one
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
