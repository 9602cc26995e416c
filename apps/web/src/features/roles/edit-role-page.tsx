import type { Document } from '@gatehouse/api'
import { Button, Grid } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { isMap, parseDocument, stringify } from 'yaml'
import { ApplyChange } from '../../components/apply-change.tsx'
import { KeptDraft } from '../../components/kept-draft.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { puttingBack } from '../../components/put-back.ts'
import { showToast } from '../../components/toasts.tsx'
import { useDraft } from '../../components/use-draft.ts'
import { type Complaints, refusalOf, required } from '../../components/complaints.ts'
import { sayName } from '../../components/say-name.ts'
import { useFields } from '../../components/use-fields.ts'
import { checkQuery, type Finding } from './check-query.ts'
import { Findings, noteOf } from './findings.tsx'
import { ROLE_PLACES, RoleForm } from './role-form.tsx'
import { readRolesAgain, roleQuery } from './roles-query.ts'
import { YamlEditor } from './yaml-editor.tsx'

const route = getRouteApi('/roles/$name/edit')

const EMPTY: Document = {
  kind: 'role',
  version: 'v8',
  metadata: { name: 'new-role', description: '' },
  spec: { allow: { account_assignments: [] } },
}

export function NewRolePage() {
  return <Editor role={EMPTY} isNew />
}

export function EditRolePage() {
  const { name } = route.useParams()
  const query = useQuery({ ...roleQuery(name), refetchOnWindowFocus: false, staleTime: 0 })
  return (
    <Loaded query={query} page="role">
      {(role) => <Editor key={name} role={role} isNew={false} />}
    </Loaded>
  )
}

const isText = (kept: unknown): string | undefined => (typeof kept === 'string' ? kept : undefined)
const CHECK_AFTER_MS = 500

function Editor({ role, isNew }: { readonly role: Document; readonly isNew: boolean }) {
  const { name } = role.metadata
  const start = stringify(role, { lineWidth: 0, aliasDuplicateObjects: false })
  const draft = useDraft(`role.${isNew ? '' : name}`, start, isText)
  const text = draft.value
  const [settled] = useDebouncedValue(text, CHECK_AFTER_MS)
  const check = useQuery(checkQuery(settled))
  const findings = check.data ?? []
  const isRead = text === settled && !check.isPlaceholderData
  const [saving, setSaving] = useState<string>()
  const fields = useFields({ values: textsOf(text), places: ROLE_PLACES, wrong: wrongIn(text, isRead ? findings : []) })
  const navigate = useNavigate()
  const verb = isNew ? 'Create role' : 'Save role'
  return (
    <Page
      wide
      title={isNew ? 'Create New Role' : `Edit "${sayName(name)}"`}
      actions={
        <>
          <Button onClick={fields.onSubmit(() => setSaving(text))}>{verb}</Button>
          <Button
            variant="default"
            renderRoot={(props) =>
              isNew ? <Link to="/roles" {...props} /> : <Link to="/roles/$name" params={{ name }} {...props} />
            }
          >
            Leave it
          </Button>
        </>
      }
    >
      {draft.isKept && text !== start && <KeptDraft onClear={draft.clear} />}
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 5 }}>
          <form {...fields.form} onSubmit={fields.onSubmit(() => setSaving(text))}>
            <RoleForm at={fields.at} text={text} isNew={isNew} onChange={draft.set} />
          </form>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 7 }}>
          <YamlEditor
            label="The role as YAML"
            value={text}
            describedBy="findings"
            marks={findings.flatMap(({ line, kind }) => (line === undefined ? [] : [{ line, kind }]))}
            notes={isRead ? findings.flatMap(noteOf) : []}
            onChange={draft.set}
          />
          <Findings findings={findings} isChecked={check.isSuccess} />
        </Grid.Col>
      </Grid>
      <ApplyChange
        change={saving === undefined ? undefined : { text: saving, mode: isNew ? 'create' : 'update' }}
        title={isNew ? 'Create this role?' : `Save the role "${sayName(name)}"?`}
        verb={verb}
        onClose={() => setSaving(undefined)}
        onRefused={(error) => {
          if (fields.refuse(error)) setSaving(undefined)
        }}
        onDone={([saved], replaced) => {
          const savedName = saved?.name ?? name
          setSaving(undefined)
          draft.clear()
          const words = `the role "${sayName(savedName)}"`
          showToast(
            `The role "${sayName(savedName)}" is saved.`,
            puttingBack(replaced, { words, refresh: readRolesAgain }),
          )
          readRolesAgain()
          void navigate({ to: '/roles/$name', params: { name: savedName } })
        }}
      />
    </Page>
  )
}

type RoleField = keyof typeof ROLE_PLACES

function textsOf(text: string): Readonly<Record<RoleField, string>> {
  const yaml = parseDocument(text)
  const read = (...path: readonly string[]): string => {
    const found: unknown = isMap(yaml.contents) ? yaml.getIn(path) : undefined
    return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
  }
  return {
    name: read('metadata', 'name'),
    description: read('metadata', 'description'),
    longest: read('spec', 'options', 'max_session_ttl'),
  }
}

/** The server reads along, and what it has found is said at the fields, too. */
function wrongIn(text: string, findings: readonly Finding[]): Complaints<RoleField> {
  const [first] = findings.flatMap(({ error }) => error ?? [])
  const said = refusalOf(first, ROLE_PLACES)
  const name = required(textsOf(text).name)
  return name === undefined ? said : { ...said, name }
}
