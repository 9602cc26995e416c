import type { Document } from '@gatehouse/api'
import { Button, Group, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { queryClient } from '../../app/client.ts'
import { ApplyChange, textOf } from '../../components/apply-change.tsx'
import { KeptDraft } from '../../components/kept-draft.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { RolesInput, UsersInput } from '../../components/pickers.tsx'
import { puttingBack } from '../../components/put-back.ts'
import { showToast } from '../../components/toasts.tsx'
import { useDraft } from '../../components/use-draft.ts'
import { sayName } from '../../components/say-name.ts'
import { required } from '../../components/complaints.ts'
import { useFields } from '../../components/use-fields.ts'
import {
  DAYS,
  documentOf,
  EMPTY_LIST,
  formOf,
  FREQUENCIES,
  type ListForm,
  listsThatOwn,
  parseListForm,
} from './list-form.ts'
import { listDocumentQuery } from './lists-query.ts'

const route = getRouteApi('/access-lists/$id/edit')

export function NewListPage() {
  return <Editor document={EMPTY_LIST} />
}

export function EditListPage() {
  const { id } = route.useParams()
  const query = useQuery({ ...listDocumentQuery(id), refetchOnWindowFocus: false })
  return (
    <Loaded query={query} page="access list">
      {(document) => <Editor key={id} document={document} />}
    </Loaded>
  )
}

function Editor({ document }: { readonly document: Document }) {
  const id = document.metadata.name
  const isNew = id === ''
  const draft = useDraft(`access-list.${id}`, formOf(document), parseListForm)
  const [checked, setChecked] = useState<string>()
  const navigate = useNavigate()
  const form = draft.value
  const fields = useFields({
    values: form,
    places: PLACES,
    wrong: { title: required(form.title), ownerUsers: required([...form.ownerUsers, ...listsThatOwn(document)]) },
  })
  const title = isNew ? 'Create access list' : `Edit "${sayName(formOf(document).title)}"`
  return (
    <Page title={title}>
      {draft.isKept && (
        <KeptDraft
          onClear={() => {
            draft.clear()
            fields.reset()
          }}
        />
      )}
      <form {...fields.form} onSubmit={fields.onSubmit(() => setChecked(textOf(documentOf(form, document))))}>
        <Stack maw={760}>
          <Fields form={form} at={fields.at} onChange={draft.set} />
          <Group>
            <Button type="submit">{isNew ? 'Create list' : 'Save list'}</Button>
            <Button
              variant="default"
              renderRoot={(props) =>
                isNew ? (
                  <Link to="/access-lists" {...props} />
                ) : (
                  <Link to="/access-lists/$id" params={{ id }} {...props} />
                )
              }
            >
              Leave it
            </Button>
          </Group>
        </Stack>
      </form>
      <ApplyChange
        change={checked === undefined ? undefined : { text: checked, mode: isNew ? 'create' : 'update' }}
        title={isNew ? `Create the list "${sayName(form.title)}"?` : `Save the list "${sayName(form.title)}"?`}
        verb={isNew ? 'Create list' : 'Save list'}
        onClose={() => setChecked(undefined)}
        onRefused={(error) => {
          if (fields.refuse(error)) setChecked(undefined)
        }}
        onDone={([saved], replaced) => {
          setChecked(undefined)
          draft.clear()
          const words = `the list "${sayName(form.title)}"`
          showToast(`The list "${sayName(form.title)}" is saved.`, puttingBack(replaced, { words, refresh }))
          refresh()
          void navigate({ to: '/access-lists/$id', params: { id: saved?.name ?? id } })
        }}
      />
    </Page>
  )
}

const refresh = (): void => {
  void queryClient.invalidateQueries({ queryKey: ['access-list'] })
  void queryClient.invalidateQueries({ queryKey: ['access-lists'] })
}

/** Where the fields stand in the document. */
const PLACES = {
  title: 'spec.title',
  description: 'spec.description',
  ownerUsers: 'spec.owners',
  grants: 'spec.grants',
  ownerGrants: 'spec.owner_grants',
  frequency: 'spec.audit.recurrence.frequency',
  day: 'spec.audit.recurrence.day_of_month',
}

interface FieldsProps {
  readonly form: ListForm
  readonly at: ReturnType<typeof useFields<keyof typeof PLACES>>['at']
  readonly onChange: (form: ListForm) => void
}

function Fields({ form, at, onChange }: FieldsProps) {
  const change = (part: Partial<ListForm>): void => onChange({ ...form, ...part })
  return (
    <>
      <TextInput
        label="Title"
        description="Also the name of its group in AWS."
        required
        maxLength={255}
        value={form.title}
        {...at('title')}
        onChange={(event) => change({ title: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={1000}
        value={form.description}
        {...at('description')}
        onChange={(event) => change({ description: event.currentTarget.value })}
      />
      <UsersInput
        label="Owners"
        description="They add and remove members, and review them. Enter ends a name."
        required
        value={form.ownerUsers}
        {...at('ownerUsers')}
        onChange={(ownerUsers) => change({ ownerUsers })}
      />
      <RolesInput
        label="Roles for members"
        description="Also a permission set on an account, such as ReadOnlyAccess-on-prod-123456789012."
        value={form.grants}
        {...at('grants')}
        onChange={(grants) => change({ grants })}
      />
      <RolesInput
        label="Roles for owners"
        value={form.ownerGrants}
        {...at('ownerGrants')}
        onChange={(ownerGrants) => change({ ownerGrants })}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select
          label="Reviewed"
          data={[...FREQUENCIES]}
          value={form.frequency}
          {...at('frequency')}
          allowDeselect={false}
          onChange={(frequency) => frequency !== null && change({ frequency })}
        />
        <Select
          label="Day"
          data={[...DAYS]}
          value={form.day}
          {...at('day')}
          allowDeselect={false}
          onChange={(day) => day !== null && change({ day })}
        />
      </SimpleGrid>
    </>
  )
}
