import { Button, FileButton, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { queryClient } from '../../app/client.ts'
import { ApplyChange, textOf } from '../../components/apply-change.tsx'
import { showToast } from '../../components/toasts.tsx'

export function AddServiceProvider() {
  const [isOpen, { open, close }] = useDisclosure()
  return (
    <>
      <Button onClick={open}>Add service provider</Button>
      {isOpen && <AddForm onClose={close} />}
    </>
  )
}

const PRESETS = [
  { value: '', label: 'none' },
  { value: 'aws-identity-center', label: 'AWS IAM Identity Center' },
]

/** From its metadata, pasted or as a file; or, where it has none, from its two addresses. */
function AddForm({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('')
  const [preset, setPreset] = useState('')
  const [metadata, setMetadata] = useState('')
  const [entityId, setEntityId] = useState('')
  const [acsUrl, setAcsUrl] = useState('')
  const [checked, setChecked] = useState<string>()
  const navigate = useNavigate()
  const hasMetadata = metadata.trim() !== ''
  return (
    <>
      <Modal opened={checked === undefined} onClose={onClose} title="Which application signs people in here?" size="lg">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            const given = hasMetadata ? { entity_descriptor: metadata } : { entity_id: entityId, acs_url: acsUrl }
            setChecked(
              textOf({
                kind: 'saml_idp_service_provider',
                version: 'v1',
                metadata: { name: name.trim() },
                spec: { ...given, ...(preset === '' ? {} : { preset }) },
              }),
            )
          }}
        >
          <Stack>
            <TextInput
              label="Name"
              required
              data-autofocus
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Select
              label="Preset"
              data={PRESETS}
              value={preset}
              allowDeselect={false}
              onChange={(value) => setPreset(value ?? '')}
            />
            <Textarea
              label="Metadata"
              description="The XML that the application gives, pasted or from a file."
              classNames={{ input: 'mono' }}
              autosize
              minRows={4}
              maxRows={12}
              maxLength={75_000}
              value={metadata}
              onChange={(event) => setMetadata(event.currentTarget.value)}
            />
            <Group>
              <FileButton
                accept=".xml,application/xml,text/xml"
                onChange={(file) => void file?.text().then(setMetadata)}
              >
                {(props) => (
                  <Button variant="default" size="xs" {...props}>
                    Read a file
                  </Button>
                )}
              </FileButton>
            </Group>
            {!hasMetadata && (
              <>
                <Text size="sm">An application without metadata has these two:</Text>
                <TextInput
                  label="Entity id"
                  required
                  value={entityId}
                  onChange={(event) => setEntityId(event.currentTarget.value)}
                />
                <TextInput
                  label="Address for answers (ACS URL)"
                  required
                  value={acsUrl}
                  onChange={(event) => setAcsUrl(event.currentTarget.value)}
                />
              </>
            )}
            <Group>
              <Button type="submit">Add service provider</Button>
              <Button variant="default" onClick={onClose}>
                Leave it
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
      <ApplyChange
        change={checked === undefined ? undefined : { text: checked, mode: 'create' }}
        title={`Add "${name}"?`}
        verb="Add service provider"
        onClose={() => setChecked(undefined)}
        onDone={([added]) => {
          showToast(`"${name}" is added.`)
          void queryClient.invalidateQueries({ queryKey: ['service-providers'] })
          void navigate({ to: '/service-providers/$name', params: { name: added?.name ?? name } })
        }}
      />
    </>
  )
}
