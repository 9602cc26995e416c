import { type AccessRequestDetailView, contract } from '@gatehouse/api'
import { Button, Menu, Modal, Stack, Text } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../app/client.ts'
import { textOf } from '../../components/apply-change.tsx'
import { Consequences } from '../../components/consequences.tsx'
import { FormButtons } from '../../components/form-buttons.tsx'
import { PageLink } from '../../components/link.tsx'
import { Problem } from '../../components/problem.tsx'
import { parseFormOf } from '../../components/parse-form.ts'
import { useDraft } from '../../components/use-draft.ts'
import { useFields } from '../../components/use-fields.ts'
import { listQuery } from '../access-lists/lists-query.ts'
import { NO_TERMS, TERMS_PLACES, TermsFields, termsOf, wrongTerms } from '../access-lists/membership-terms.tsx'
import { Name } from '../../components/name.tsx'
import { sayName } from '../../components/say-name.ts'
import { useChange } from './use-change.ts'

type Candidate = AccessRequestDetailView['promotionCandidates'][number]

/** Lasting access instead of access that ends: the requester becomes a member of a list that gives it. */
export function Promote({ request }: { readonly request: AccessRequestDetailView }) {
  const { user, promotionCandidates } = request
  const left = request.promotionCandidatesTotal - promotionCandidates.length
  const [chosen, setChosen] = useState<Candidate>()
  if (promotionCandidates.length === 0) return null
  return (
    <>
      <Menu>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
            Make a member
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Name text={user} /> becomes a member of
          </Menu.Label>
          {promotionCandidates.map((list) => (
            <Menu.Item key={list.id} onClick={() => setChosen(list)}>
              <Name text={list.title} />
            </Menu.Item>
          ))}
          {left > 0 && <Menu.Label>and {left} more, which fit less well</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={chosen !== undefined}
        onClose={() => setChosen(undefined)}
        title={
          <span className="wrap clamp">
            Make {sayName(user)} a member of "{sayName(chosen?.title ?? '')}"?
          </span>
        }
      >
        {chosen && <Form request={request} list={chosen} onClose={() => setChosen(undefined)} />}
      </Modal>
    </>
  )
}

function Form({
  request: { id, user },
  list,
  onClose,
}: {
  readonly request: AccessRequestDetailView
  readonly list: Candidate
  readonly onClose: () => void
}) {
  const draft = useDraft(`promote.${id}.${list.id}`, NO_TERMS, parseFormOf(NO_TERMS))
  const body = { list: list.id, ...termsOf(draft.value) }
  const fields = useFields({
    values: draft.value,
    places: TERMS_PLACES,
    sent: [contract.promoteAccessRequest, body],
    wrong: wrongTerms(draft.value),
  })
  const promote = useChange(id, () => client.promoteAccessRequest({ params: { id }, body }))
  const leave = (): void => {
    draft.clear()
    onClose()
  }
  return (
    <form
      {...fields.form}
      onSubmit={fields.onSubmit(() => promote.mutate(undefined, { onSuccess: leave, onError: fields.refuse }))}
    >
      <Stack>
        <Text size="sm" className="wrap">
          <Name text={user} /> gets everything that{' '}
          <PageLink to="/access-lists/$id" params={{ id: list.id }} size="sm" underline="always" target="_blank">
            the list
          </PageLink>{' '}
          gives, until somebody takes it back or it ends. The request ends with that.
        </Text>
        <GivenRoles list={list.id} />
        <Consequences text={textOf(memberDocument(list.id, user))} />
        <TermsFields terms={draft.value} at={fields.at} onChange={draft.set} />
        {fields.problem !== undefined && <Problem error={fields.problem} />}
        <FormButtons verb="Make a member" isBusy={promote.isPending} leave="Go back" onLeave={leave} />
      </Stack>
    </form>
  )
}

const memberDocument = (list: string, user: string) => ({
  kind: 'access_list_member',
  version: 'v1',
  metadata: { name: user },
  spec: { access_list: list },
})

const MOST_ROLES = 10

/** Membership may give more than AWS holds: roles that let people ask, approve or administer. */
function GivenRoles({ list }: { readonly list: string }) {
  const roles = useQuery(listQuery(list)).data?.grants.roles ?? []
  if (roles.length === 0) return null
  const more = roles.length - MOST_ROLES
  return (
    <Text size="sm" className="wrap clamp">
      Its members have the {roles.length === 1 ? 'role' : 'roles'}{' '}
      {roles
        .slice(0, MOST_ROLES)
        .map((role) => sayName(role))
        .join(', ')}
      {more > 0 && ` and ${more} more`}.
    </Text>
  )
}
