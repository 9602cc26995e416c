import type { AccessListDetailView, Document } from '@gatehouse/api'
import { Checkbox, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { textOf } from '../../components/apply-change.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { Consequences } from '../../components/consequences.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { sayMany } from '../../components/say-many.ts'
import { sayName } from '../../components/say-name.ts'
import { showToast } from '../../components/toasts.tsx'
import { listDocumentQuery } from './lists-query.ts'

/** Says who loses what; of a group that was in AWS before it asks whether that goes, too. */
export function DeleteList({
  list,
  opened,
  onClose,
}: {
  readonly list: AccessListDetailView
  readonly opened: boolean
  readonly onClose: () => void
}) {
  const [withGroup, setWithGroup] = useState(false)
  const navigate = useNavigate()
  const { id } = list
  const title = sayName(list.title)
  const isAdopted = list.groups.some(({ origin }) => origin === 'adopted')
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={`Delete the list "${title}"?`}
      verb="Delete list"
      about={String(withGroup)}
      run={(confirmRemovals) =>
        client.deleteDocument({
          params: { kind: 'access_list', name: id },
          query: { confirmRemovals, deleteGroup: withGroup },
        })
      }
      onDone={() => {
        showToast(`The list "${title}" is deleted.`)
        void navigate({ to: '/access-lists', search: {} })
        void queryClient.invalidateQueries({ queryKey: ['access-lists'] })
      }}
    >
      {isAdopted && (
        <Checkbox
          label="Delete its group in AWS, too"
          description="It was there before Gatehouse. Otherwise it stays, and nobody governs it from here any more."
          checked={withGroup}
          onChange={(event) => setWithGroup(event.currentTarget.checked)}
        />
      )}
      {isAdopted && !withGroup ? (
        <Text size="sm">
          Its members keep in AWS what the group has there; those whose membership has an end are taken out of the group
          first. This cannot be taken back.
        </Text>
      ) : (
        <>
          <Text size="sm">
            {sayMany(list.memberCount ?? 0, 'member')} {list.memberCount === 1 ? 'loses' : 'lose'} what only this list
            gives, in AWS within seconds, and its group goes there. This cannot be taken back.
          </Text>
          {opened && <Losses id={id} />}
        </>
      )}
    </Confirm>
  )
}

/** No list is deleted that is in another: what goes with it is what it gives itself. */
function Losses({ id }: { readonly id: string }) {
  const query = useQuery(listDocumentQuery(id))
  return <Loaded query={query}>{(document) => <Consequences text={textOf(givingNothing(document))} />}</Loaded>
}

const givingNothing = (document: Document): Document => ({
  ...document,
  status: undefined,
  spec: { ...document.spec, grants: {}, owner_grants: {} },
})
