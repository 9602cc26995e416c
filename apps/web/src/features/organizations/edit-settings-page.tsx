import { contract, type OrganizationView } from '@gatehouse/api'
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { queryClient } from '../../app/client.ts'
import { KeptDraft } from '../../components/kept-draft.tsx'
import { useMay } from '../../app/session.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Page } from '../../components/page.tsx'
import { showToast } from '../../components/toasts.tsx'
import { required } from '../../components/complaints.ts'
import { useDraft } from '../../components/use-draft.ts'
import { useFields } from '../../components/use-fields.ts'
import { accountsQuery, organizationQuery } from './organizations-query.ts'
import { SETTINGS_PLACES, SettingsFields } from './settings-fields.tsx'
import { conflictsOf, draftOf, parseSettingsDraft, type Settings, settingsOf } from './settings-form.ts'
import { SettingsPreview } from './settings-preview.tsx'

const route = getRouteApi('/organizations/$name/edit')

export function EditSettingsPage() {
  const { name } = route.useParams()
  const query = useQuery({ ...organizationQuery(name), refetchOnWindowFocus: false })
  return (
    <Page title={`Settings of ${name}`}>
      <Loaded query={query}>{(organization) => <Editor key={name} organization={organization} />}</Loaded>
    </Page>
  )
}

const EVERYTHING = { search: undefined, inside: undefined }

/** Nothing is saved before its effect was shown. */
function Editor({ organization }: { readonly organization: OrganizationView }) {
  const { name } = organization
  const draft = useDraft(`organization.${name}`, draftOf(organization), parseSettingsDraft)
  const conflicts = conflictsOf(draft.value, organization)
  const [asked, setAsked] = useState<Settings>()
  const [isSame, setSame] = useState(false)
  const { form } = draft.value
  const fields = useFields({
    values: form,
    places: SETTINGS_PLACES,
    // An address that was there before and is left alone is not looked at again.
    sent: [contract.previewSettings, settingsOf(draft.value)],
    wrong: {
      defaultOwners: required(form.defaultOwners),
      startUrl: required(form.startUrl),
      portalUrl: required(form.portalUrl),
      atLeast: required(String(form.atLeast)),
      percent: required(String(form.percent)),
    },
  })
  const navigate = route.useNavigate()
  const mayRead = useMay('read', 'aws_identity_center')
  const accounts = useInfiniteQuery({ ...accountsQuery(name, EVERYTHING), enabled: mayRead })
  const [first] = accounts.data?.pages ?? []
  return (
    <>
      {draft.isKept && (
        <KeptDraft
          onClear={() => {
            draft.clear()
            fields.reset()
          }}
        />
      )}
      {conflicts.length > 0 && (
        <Alert
          color="yellow"
          icon={<IconInfoCircle aria-hidden />}
          title="Somebody has changed the same meanwhile"
          role="alert"
        >
          <Text size="sm">
            Since you began, somebody else has saved {conflicts.join(', ')}. Yours would take its place; the effect
            below is worked out from what is saved now.
          </Text>
        </Alert>
      )}
      <form
        {...fields.form}
        onSubmit={fields.onSubmit(() => {
          const settings = settingsOf(draft.value)
          const isNothing = Object.keys(settings).length === 0
          setSame(isNothing)
          if (!isNothing) setAsked(settings)
        })}
      >
        <Stack maw={860}>
          <SettingsFields
            organization={organization}
            form={form}
            at={fields.at}
            readable={first && { units: first.unitsReadable, tags: first.tagsReadable }}
            onChange={(changed) => {
              setSame(false)
              draft.set({ ...draft.value, form: changed })
            }}
          />
          {isSame && (
            <Text size="sm" role="status">
              Nothing is different from what is saved.
            </Text>
          )}
          <Group>
            <Button type="submit">Show the effect</Button>
            <Button
              variant="default"
              renderRoot={(props) => (
                <Link to="/organizations/$name" params={{ name }} search={{ tab: 'settings' }} {...props} />
              )}
            >
              Leave it
            </Button>
          </Group>
        </Stack>
      </form>
      <SettingsPreview
        organization={name}
        settings={asked}
        onClose={() => setAsked(undefined)}
        onRefused={(error) => {
          if (fields.refuse(error)) setAsked(undefined)
        }}
        onSaved={() => {
          setAsked(undefined)
          const { form, began } = draft.value
          draft.clear()
          showToast(`The settings of "${name}" are saved.`, {
            verb: 'Put back',
            // Their effect is shown again before: what leaves a filter loses access.
            run() {
              draft.set({ form: began, began: form })
              void navigate({ to: '/organizations/$name/edit', params: { name } })
            },
          })
          void queryClient.invalidateQueries({ queryKey: ['organization', name] })
          void queryClient.invalidateQueries({ queryKey: ['organizations'] })
          void navigate({ to: '/organizations/$name', params: { name }, search: { tab: 'settings' } })
        }}
      />
    </>
  )
}
