import type { Document } from '@gatehouse/api'
import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queryClient } from '../../app/client.ts'
import { ApplyChange, textOf } from '../../components/apply-change.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { RolesInput } from '../../components/pickers.tsx'
import { showToast } from '../../components/toasts.tsx'
import { formatTraits, parseTraits, textsOf } from './traits.ts'
import { userDocumentQuery } from './users-query.ts'

interface EditProps {
  readonly name: string
  readonly onClose: () => void
}

export function EditUser({ name, onClose }: EditProps) {
  const query = useQuery({ ...userDocumentQuery(name), refetchOnWindowFocus: false })
  const [checked, setChecked] = useState<string>()
  return (
    <>
      <Modal
        opened={checked === undefined}
        onClose={onClose}
        title={<span className="wrap">Edit {name}</span>}
        size="lg"
      >
        <Loaded query={query}>
          {(document) => <Form document={document} onClose={onClose} onCheck={setChecked} />}
        </Loaded>
      </Modal>
      <ApplyChange
        change={checked === undefined ? undefined : { text: checked, mode: 'update' }}
        title={`Save ${name}?`}
        verb="Save user"
        onClose={() => setChecked(undefined)}
        onDone={() => {
          void queryClient.invalidateQueries({ queryKey: ['user', name] })
          void queryClient.invalidateQueries({ queryKey: ['users'] })
          showToast(`${name} is saved.`)
          onClose()
        }}
      />
    </>
  )
}

function Form({
  document,
  onClose,
  onCheck,
}: {
  readonly document: Document
  readonly onClose: () => void
  readonly onCheck: (text: string) => void
}) {
  // What it was when the form opened, its revision included: what others change meanwhile is not written over.
  const [{ spec = {}, status: _, ...rest }] = useState(document)
  const [roles, setRoles] = useState(textsOf(spec['roles']))
  const start = formatTraits(spec['traits'])
  const [traits, setTraits] = useState(start)
  const parsed = traits === undefined ? { traits: spec['traits'] } : parseTraits(traits)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (parsed.traits) onCheck(textOf({ ...rest, spec: { ...spec, roles, traits: parsed.traits } }))
      }}
    >
      <Stack>
        <RolesInput label="Roles" description="Enter ends a name." value={roles} onChange={setRoles} />
        <Textarea
          label="Traits"
          description={
            start === undefined
              ? 'They hold what does not fit in lines: change them with "tctl edit".'
              : 'One value on each line, such as team = web'
          }
          disabled={start === undefined}
          autosize
          minRows={3}
          maxRows={12}
          error={'wrong' in parsed ? parsed.wrong : undefined}
          value={traits ?? ''}
          onChange={(event) => setTraits(event.currentTarget.value)}
        />
        <Group>
          <Button type="submit">Save user</Button>
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
