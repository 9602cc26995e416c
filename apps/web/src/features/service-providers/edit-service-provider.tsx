import type { Document } from '@gatehouse/api'
import { SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { isMap, parseDocument, stringify } from 'yaml'
import { ChangeForm } from '../../components/change-form.tsx'
import { NO_PLACE } from '../../components/complaints.ts'
import { puttingBack } from '../../components/put-back.ts'
import { sayName } from '../../components/say-name.ts'
import { showToast } from '../../components/toasts.tsx'
import { useDraft } from '../../components/use-draft.ts'
import { useFields } from '../../components/use-fields.ts'
import { setIn } from '../roles/set-in.ts'
import { KEYS, type ProviderForm, ProviderFields, providerPlaces, wrongProvider } from './provider-fields.tsx'
import { readProvidersAgain } from './service-providers-query.ts'

interface EditProps {
  readonly provider: Document
  readonly onClose: () => void
}

const FIELDS = ['preset', 'metadata', 'entityId', 'acsUrl'] as const
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
  const { isReadable, form, relayState, write, change } = readYaml(draft.value, draft.set)
  const isForm = look === 'form' && isReadable
  const fields = useFields({
    values: { ...form, text: draft.value, relayState },
    places: isForm ? { ...providerPlaces(form), relayState: 'spec.relay_state', text: NO_PLACE } : TEXT_PLACES,
    wrong: isForm ? wrongProvider(form) : {},
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
        <>
          <ProviderFields form={form} at={fields.at} onChange={change} />
          <TextInput
            label="Relay state"
            description="Sent along when somebody begins at Gatehouse; AWS takes a page of the console."
            value={relayState}
            {...fields.at('relayState')}
            onChange={(event) => write({ relay_state: event.currentTarget.value })}
          />
        </>
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

/** Reads the fields of a form from the YAML, and writes into it, so that the rest of it stays as it is. */
function readYaml(text: string, onChange: (text: string) => void) {
  const yaml = parseDocument(text)
  const isReadable = yaml.errors.length === 0 && isMap(yaml.contents)
  const read = (field: string): string => {
    const found: unknown = isReadable ? yaml.getIn(['spec', field]) : undefined
    return typeof found === 'string' ? found : ''
  }
  const write = (part: Readonly<Record<string, string>>): void => {
    for (const [field, value] of Object.entries(part)) setIn(yaml, ['spec', field], value)
    onChange(yaml.toString({ lineWidth: 0 }))
  }
  return {
    isReadable,
    form: {
      preset: read(KEYS.preset),
      metadata: read(KEYS.metadata),
      entityId: read(KEYS.entityId),
      acsUrl: read(KEYS.acsUrl),
    },
    relayState: read('relay_state'),
    write,
    change: (part: Partial<ProviderForm>): void =>
      write({
        // What metadata says of the entity id and the address holds in place of what was typed.
        ...((part.metadata ?? '').trim() === '' ? {} : { [KEYS.entityId]: '', [KEYS.acsUrl]: '' }),
        ...Object.fromEntries(
          FIELDS.flatMap((field) => (part[field] === undefined ? [] : [[KEYS[field], part[field]]])),
        ),
      }),
  }
}
