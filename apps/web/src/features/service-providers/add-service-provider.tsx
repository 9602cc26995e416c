import { TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { queryClient } from '../../app/client.ts'
import { textOf } from '../../components/apply-change.tsx'
import { ChangeForm } from '../../components/change-form.tsx'
import { showToast } from '../../components/toasts.tsx'
import { parseFormOf } from '../../components/parse-form.ts'
import { useDraft } from '../../components/use-draft.ts'
import { required } from '../../components/complaints.ts'
import { sayName } from '../../components/say-name.ts'
import { useFields } from '../../components/use-fields.ts'
import { KEYS, ProviderFields, providerPlaces, wrongProvider } from './provider-fields.tsx'

const START = { name: '', preset: '', metadata: '', entityId: '', acsUrl: '' }

/** From its metadata, pasted or as a file; or, where it has none, from its two addresses. */
export function AddServiceProvider({ onClose }: { readonly onClose: () => void }) {
  const draft = useDraft('service-provider', START, parseFormOf(START))
  const { name, preset, metadata } = draft.value
  const set = (part: Partial<typeof START>): void => draft.set({ ...draft.value, ...part })
  const navigate = useNavigate()
  const given: readonly (keyof typeof KEYS)[] = metadata.trim() === '' ? ['entityId', 'acsUrl'] : ['metadata']
  const said = [...given, ...(preset === '' ? [] : (['preset'] as const))]
  const document = {
    kind: 'saml_idp_service_provider',
    version: 'v1',
    metadata: { name: name.trim() },
    spec: Object.fromEntries(said.map((field) => [KEYS[field], draft.value[field]])),
  }
  const fields = useFields({
    values: draft.value,
    places: { name: 'metadata.name', ...providerPlaces(draft.value) },
    wrong: { name: required(name), ...wrongProvider(draft.value) },
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
      <ProviderFields form={draft.value} at={fields.at} onChange={set} />
    </ChangeForm>
  )
}
