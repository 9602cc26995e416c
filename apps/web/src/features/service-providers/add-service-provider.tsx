import { Button, FileButton, Group, Select, Text, Textarea, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { queryClient } from '../../app/client.ts'
import { textOf } from '../../components/apply-change.tsx'
import { ChangeForm } from '../../components/change-form.tsx'
import { showToast } from '../../components/toasts.tsx'
import { parseTextsOf, useDraft } from '../../components/use-draft.ts'
import { required } from '../../components/complaints.ts'
import { sayName } from '../../components/say-name.ts'
import { useFields } from '../../components/use-fields.ts'
import { providerPlaces, wrongAddresses } from './provider-fields.tsx'
import { presetsWith } from './service-providers-query.ts'

const START = { name: '', preset: '', metadata: '', entityId: '', acsUrl: '' }

/** From its metadata, pasted or as a file; or, where it has none, from its two addresses. */
export function AddServiceProvider({ onClose }: { readonly onClose: () => void }) {
  const draft = useDraft('service-provider', START, parseTextsOf(START))
  const { name, preset, metadata, entityId, acsUrl } = draft.value
  const set = (part: Partial<typeof START>): void => draft.set({ ...draft.value, ...part })
  const navigate = useNavigate()
  const hasMetadata = metadata.trim() !== ''
  const given = hasMetadata ? { entity_descriptor: metadata } : { entity_id: entityId, acs_url: acsUrl }
  const document = {
    kind: 'saml_idp_service_provider',
    version: 'v1',
    metadata: { name: name.trim() },
    spec: { ...given, ...(preset === '' ? {} : { preset }) },
  }
  const fields = useFields({
    values: draft.value,
    places: { name: 'metadata.name', ...providerPlaces(hasMetadata) },
    wrong: { name: required(name), ...(hasMetadata ? {} : wrongAddresses({ entityId, acsUrl })) },
  })
  return (
    <ChangeForm
      title="Which application signs people in here?"
      question={`Add "${sayName(name)}"?`}
      verb="Add service provider"
      mode="create"
      draft={draft}
      fields={fields}
      write={() => textOf(document)}
      onClose={onClose}
      onDone={([added]) => {
        showToast(`"${sayName(name)}" is added.`)
        void queryClient.invalidateQueries({ queryKey: ['service-providers'] })
        void navigate({ to: '/service-providers/$name', params: { name: added?.name ?? name } })
      }}
    >
      <TextInput
        label="Name"
        required
        data-autofocus
        value={name}
        {...fields.at('name')}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Select
        label="Preset"
        data={presetsWith(preset)}
        value={preset}
        {...fields.at('preset')}
        allowDeselect={false}
        onChange={(value) => set({ preset: value ?? '' })}
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
        {...fields.at('metadata')}
        onChange={(event) => set({ metadata: event.currentTarget.value })}
      />
      <Group>
        <FileButton
          accept=".xml,application/xml,text/xml"
          onChange={(file) => void file?.text().then((text) => set({ metadata: text }))}
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
            {...fields.at('entityId')}
            onChange={(event) => set({ entityId: event.currentTarget.value })}
          />
          <TextInput
            label="Address for answers (ACS URL)"
            required
            value={acsUrl}
            {...fields.at('acsUrl')}
            onChange={(event) => set({ acsUrl: event.currentTarget.value })}
          />
        </>
      )}
    </ChangeForm>
  )
}
