import type { Document } from '@gatehouse/api'
import { SegmentedControl, Textarea } from '@mantine/core'
import { useState } from 'react'
import { isMap, parseDocument, stringify } from 'yaml'
import { ChangeForm } from '../../components/change-form.tsx'
import { NO_PLACE } from '../../components/complaints.ts'
import { puttingBack } from '../../components/put-back.ts'
import { sayName } from '../../components/say-name.ts'
import { showToast } from '../../components/toasts.tsx'
import { useDraft } from '../../components/use-draft.ts'
import { useFields } from '../../components/use-fields.ts'
import { ProviderFields, providerPlaces, wrongAddresses } from './provider-fields.tsx'
import { readProvidersAgain } from './service-providers-query.ts'

interface EditProps {
  readonly provider: Document
  readonly onClose: () => void
}

/** All of it is one field. */
const TEXT_PLACES = {
  preset: NO_PLACE,
  metadata: NO_PLACE,
  entityId: NO_PLACE,
  acsUrl: NO_PLACE,
  relayState: NO_PLACE,
  text: 'spec',
}

const isText = (kept: unknown): string | undefined => (typeof kept === 'string' ? kept : undefined)

/** As a form and as YAML, one text behind both; saved with the revision that it was when the form opened. */
export function EditServiceProvider({ provider: present, onClose }: EditProps) {
  const [{ status: _, ...document }] = useState(present)
  const { name } = document.metadata
  const start = stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })
  const draft = useDraft(`service-provider.${name}`, start, isText)
  const [look, setLook] = useState('form')
  const yaml = parseDocument(draft.value)
  const isReadable = yaml.errors.length === 0 && isMap(yaml.contents)
  const isForm = look === 'form' && isReadable
  const read = (field: string): string => {
    const found: unknown = isReadable ? yaml.getIn(['spec', field]) : undefined
    return typeof found === 'string' ? found : ''
  }
  const hasMetadata = read('entity_descriptor').trim() !== ''
  const fields = useFields({
    values: {
      text: draft.value,
      preset: read('preset'),
      metadata: read('entity_descriptor'),
      entityId: read('entity_id'),
      acsUrl: read('acs_url'),
      relayState: read('relay_state'),
    },
    places: isForm ? { ...providerPlaces(hasMetadata), relayState: 'spec.relay_state', text: NO_PLACE } : TEXT_PLACES,
    wrong: isForm && !hasMetadata ? wrongAddresses({ entityId: read('entity_id'), acsUrl: read('acs_url') }) : {},
  })
  return (
    <ChangeForm
      title={`Edit "${sayName(name)}"`}
      question={`Save the service provider "${sayName(name)}"?`}
      verb="Save service provider"
      mode="update"
      draft={{ ...draft, isKept: draft.isKept && draft.value !== start }}
      fields={fields}
      write={() => draft.value}
      onClose={onClose}
      onDone={(_, replaced) => {
        const words = `the service provider "${sayName(name)}"`
        showToast(`"${sayName(name)}" is saved.`, puttingBack(replaced, { words, refresh: readProvidersAgain }))
        readProvidersAgain()
        onClose()
      }}
    >
      <SegmentedControl
        aria-label="How to edit it"
        data={[
          { value: 'form', label: 'Form' },
          { value: 'yaml', label: 'YAML' },
        ]}
        value={look}
        onChange={setLook}
      />
      {isForm ? (
        <ProviderFields yaml={yaml} at={fields.at} onChange={draft.set} />
      ) : (
        <Textarea
          label="The service provider as YAML"
          description={isReadable ? undefined : 'The form comes back when the YAML can be read again.'}
          classNames={{ input: 'mono' }}
          spellCheck={false}
          autosize
          minRows={12}
          maxRows={24}
          value={draft.value}
          {...fields.at('text')}
          onChange={(event) => draft.set(event.currentTarget.value)}
        />
      )}
    </ChangeForm>
  )
}
