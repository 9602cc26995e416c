import type { Document } from '@gatehouse/api'
import { Button, Group, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { queryClient } from '../../app/client.ts'
import { ApplyChange, textOf } from '../../components/apply-change.tsx'
import { KeptDraft } from '../../components/kept-draft.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { puttingBack } from '../../components/put-back.ts'
import { showToast } from '../../components/toasts.tsx'
import { useDraft } from '../../components/use-draft.ts'
import { sayName } from '../../components/say-name.ts'
import { useFields } from '../../components/use-fields.ts'
import { ListFields } from './list-fields.tsx'
import { documentOf, EMPTY_LIST, formOf, listPlaces, parseListForm, wrongList } from './list-form.ts'
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
  const start = formOf(document)
  const draft = useDraft(`access-list.${id}`, start, parseListForm(start))
  const [checked, setChecked] = useState<string>()
  const navigate = useNavigate()
  const form = draft.value
  const fields = useFields({
    values: form,
    places: listPlaces(form, document),
    wrong: wrongList(form),
  })
  const title = isNew ? 'Create access list' : `Edit "${sayName(start.title)}"`
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
          <ListFields document={document} form={form} at={fields.at} onChange={draft.set} />
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
