import type { Document } from '@gatehouse/api'
import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queryClient } from '../../app/client.ts'
import { textOf } from '../../components/apply-change.tsx'
import { ChangeForm } from '../../components/change-form.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { RolesInput } from '../../components/pickers.tsx'
import { puttingBack } from '../../components/put-back.ts'
import { showToast } from '../../components/toasts.tsx'
import { formatTraits, parseTraits, textsOf } from '../../components/traits.ts'
import { TraitsInput } from '../../components/traits-input.tsx'
import { parseFormOf } from '../../components/parse-form.ts'
import { useDraft } from '../../components/use-draft.ts'
import { useFields } from '../../components/use-fields.ts'
import { sayName } from '../../components/say-name.ts'
import { userDocumentQuery } from './users-query.ts'

interface EditProps {
  readonly name: string
  readonly onClose: () => void
}

export function EditUser({ name, onClose }: EditProps) {
  const query = useQuery({ ...userDocumentQuery(name), refetchOnWindowFocus: false })
  if (query.data) return <Form document={query.data} name={name} onClose={onClose} />
  return (
    <Modal opened onClose={onClose} title={<span className="wrap clamp">Edit {name}</span>} size="lg">
      <Loaded query={query}>{() => null}</Loaded>
    </Modal>
  )
}

const LINE = '\n'
const listOf = (lines: string): readonly string[] => (lines === '' ? [] : lines.split(LINE))

function Form({ document: present, name, onClose }: EditProps & { readonly document: Document }) {
  // What it was when the form opened: what others change meanwhile is not written over.
  const [{ spec = {}, status: _, ...rest }] = useState(present)
  const had = formatTraits(spec['traits'])
  const start = {
    revision: typeof rest.metadata.revision === 'string' ? rest.metadata.revision : '',
    roles: textsOf(spec['roles']).join(LINE),
    traits: had ?? '',
  }
  const draft = useDraft(`user.${name}`, start, parseFormOf(start))
  const { revision, roles, traits } = draft.value
  const set = (part: Partial<typeof start>): void => draft.set({ ...draft.value, ...part })
  const parsed = had === undefined ? { traits: spec['traits'] } : parseTraits(traits)
  const fields = useFields({
    values: draft.value,
    places: { roles: 'spec.roles', traits: 'spec.traits' },
    wrong: { traits: 'wrong' in parsed ? parsed.wrong : undefined },
  })
  const write = (): string | undefined =>
    parsed.traits
      ? textOf({
          ...rest,
          // Of a form that was left and found again it is the one that it began with.
          metadata: { ...rest.metadata, ...(revision === '' ? {} : { revision }) },
          spec: { ...spec, roles: listOf(roles), traits: parsed.traits },
        })
      : undefined
  return (
    <ChangeForm
      title={`Edit ${sayName(name)}`}
      question={`Save ${sayName(name)}?`}
      verb="Save user"
      mode="update"
      draft={draft}
      fields={fields}
      write={write}
      onClose={onClose}
      onDone={(_, replaced) => {
        const refresh = (): void => {
          void queryClient.invalidateQueries({ queryKey: ['user', name] })
          void queryClient.invalidateQueries({ queryKey: ['users'] })
        }
        refresh()
        showToast(`${sayName(name)} is saved.`, puttingBack(replaced, { words: `the user ${sayName(name)}`, refresh }))
        onClose()
      }}
    >
      <RolesInput
        label="Roles"
        description="Enter ends a name."
        value={listOf(roles)}
        {...fields.at('roles')}
        onChange={(names) => set({ roles: names.join(LINE) })}
      />
      <TraitsInput
        label="Traits"
        isWritable={had !== undefined}
        value={traits}
        {...fields.at('traits')}
        onChange={(event) => set({ traits: event.currentTarget.value })}
      />
    </ChangeForm>
  )
}
