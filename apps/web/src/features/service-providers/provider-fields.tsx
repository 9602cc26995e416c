import { Button, FileButton, Group, Select, Textarea, TextInput } from '@mantine/core'
import type { Document } from 'yaml'
import { NO_PLACE, required } from '../../components/complaints.ts'
import type { useFields } from '../../components/use-fields.ts'
import { setIn } from '../roles/set-in.ts'
import { presetsWith } from './service-providers-query.ts'

/** Where its fields stand in the document; the addresses are shown where no metadata says them. */
export const providerPlaces = (hasMetadata: boolean) => ({
  preset: 'spec.preset',
  metadata: 'spec.entity_descriptor',
  entityId: hasMetadata ? NO_PLACE : 'spec.entity_id',
  acsUrl: hasMetadata ? NO_PLACE : 'spec.acs_url',
})
type ProviderField = keyof ReturnType<typeof providerPlaces> | 'relayState'

/** Of a provider without metadata. */
export const wrongAddresses = ({ entityId, acsUrl }: { readonly entityId: string; readonly acsUrl: string }) => ({
  entityId: required(entityId),
  acsUrl:
    required(acsUrl) ??
    (URL.canParse(acsUrl.trim()) ? undefined : 'Enter a whole address, such as https://app.example/acs.'),
})

interface FieldsProps {
  readonly yaml: Document
  readonly at: ReturnType<typeof useFields<ProviderField>>['at']
  readonly onChange: (text: string) => void
}

/** What most of it is about. It reads the YAML and writes into it, so that the rest of it stays as it is. */
export function ProviderFields({ yaml, at, onChange }: FieldsProps) {
  const read = (field: string): string => {
    const found: unknown = yaml.getIn(['spec', field])
    return typeof found === 'string' ? found : ''
  }
  const write = (field: string, value: string): void => {
    setIn(yaml, ['spec', field], value)
    onChange(yaml.toString({ lineWidth: 0 }))
  }
  /** What it says of the entity id and the address holds in place of what was typed. */
  const describe = (metadata: string): void => {
    if (metadata.trim() !== '') for (const field of ['entity_id', 'acs_url']) setIn(yaml, ['spec', field], undefined)
    write('entity_descriptor', metadata)
  }
  const preset = read('preset')
  return (
    <>
      <Select
        label="Preset"
        data={presetsWith(preset)}
        value={preset}
        {...at('preset')}
        allowDeselect={false}
        onChange={(value) => write('preset', value ?? '')}
      />
      <Textarea
        label="Metadata"
        description="The XML that the application gives, pasted or from a file. It names the entity id and the address."
        classNames={{ input: 'mono' }}
        autosize
        minRows={4}
        maxRows={12}
        maxLength={75_000}
        value={read('entity_descriptor')}
        {...at('metadata')}
        onChange={(event) => describe(event.currentTarget.value)}
      />
      <Group>
        <FileButton accept=".xml,application/xml,text/xml" onChange={(file) => void file?.text().then(describe)}>
          {(props) => (
            <Button variant="default" size="xs" {...props}>
              Read a file
            </Button>
          )}
        </FileButton>
      </Group>
      {read('entity_descriptor') === '' && (
        <>
          <TextInput
            label="Entity id"
            required
            value={read('entity_id')}
            {...at('entityId')}
            onChange={(event) => write('entity_id', event.currentTarget.value)}
          />
          <TextInput
            label="Address for answers (ACS URL)"
            required
            value={read('acs_url')}
            {...at('acsUrl')}
            onChange={(event) => write('acs_url', event.currentTarget.value)}
          />
        </>
      )}
      <TextInput
        label="Relay state"
        description="Sent along when somebody begins at Gatehouse; AWS takes a page of the console."
        value={read('relay_state')}
        {...at('relayState')}
        onChange={(event) => write('relay_state', event.currentTarget.value)}
      />
    </>
  )
}
