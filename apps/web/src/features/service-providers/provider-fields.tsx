import { Button, FileButton, Group, Select, Text, Textarea, TextInput } from '@mantine/core'
import { bindFields } from '../../components/bind-fields.ts'
import { NO_PLACE, required } from '../../components/complaints.ts'
import type { useFields } from '../../components/use-fields.ts'
import { presetsWith } from './service-providers-query.ts'

/** What most of a service provider is about. */
export interface ProviderForm {
  readonly preset: string
  readonly metadata: string
  readonly entityId: string
  readonly acsUrl: string
}

/** What each field is called in the document's `spec`. */
export const KEYS = {
  preset: 'preset',
  metadata: 'entity_descriptor',
  entityId: 'entity_id',
  acsUrl: 'acs_url',
} as const satisfies Record<keyof ProviderForm, string>

const hasMetadata = ({ metadata }: ProviderForm): boolean => metadata.trim() !== ''

/** Where they stand in the document; the addresses are shown where no metadata says them. */
export const providerPlaces = (form: ProviderForm) => ({
  preset: `spec.${KEYS.preset}`,
  metadata: `spec.${KEYS.metadata}`,
  entityId: hasMetadata(form) ? NO_PLACE : `spec.${KEYS.entityId}`,
  acsUrl: hasMetadata(form) ? NO_PLACE : `spec.${KEYS.acsUrl}`,
})

/** A provider has metadata, or both of its addresses. */
export function wrongProvider(form: ProviderForm): Partial<Record<keyof ProviderForm, string | undefined>> {
  if (hasMetadata(form)) return {}
  const isAddress = URL.canParse(form.acsUrl.trim())
  return {
    entityId: required(form.entityId),
    acsUrl:
      required(form.acsUrl) ?? (isAddress ? undefined : 'Enter a whole address, such as https://app.example/acs.'),
  }
}

/** From its metadata, pasted or as a file; or, where it has none, from its two addresses. */
export function ProviderFields({
  form,
  at,
  onChange,
}: {
  readonly form: ProviderForm
  readonly at: ReturnType<typeof useFields<keyof ProviderForm>>['at']
  readonly onChange: (part: Partial<ProviderForm>) => void
}) {
  const { text, choice } = bindFields(form, at, onChange)
  return (
    <>
      <Select label="Preset" data={presetsWith(form.preset)} {...choice('preset')} />
      <Textarea
        label="Metadata"
        description="The XML that the application gives, pasted or from a file. It names the entity id and the address."
        classNames={{ input: 'mono' }}
        autosize
        minRows={4}
        maxRows={12}
        maxLength={75_000}
        {...text('metadata')}
      />
      <Group>
        <FileButton
          accept=".xml,application/xml,text/xml"
          onChange={(file) => void file?.text().then((metadata) => onChange({ metadata }))}
        >
          {(props) => (
            <Button variant="default" size="xs" {...props}>
              Read a file
            </Button>
          )}
        </FileButton>
      </Group>
      {!hasMetadata(form) && (
        <>
          <Text size="sm">An application without metadata has these two:</Text>
          <TextInput label="Entity id" required {...text('entityId')} />
          <TextInput label="Address for answers (ACS URL)" required {...text('acsUrl')} />
        </>
      )}
    </>
  )
}
