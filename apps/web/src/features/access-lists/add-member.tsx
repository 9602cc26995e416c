import { type AccessListDetailView, contract, type MemberView } from '@gatehouse/api'
import { Autocomplete, Button, Modal, SegmentedControl, Stack, Text } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { client, queryClient } from '../../app/client.ts'
import { useMay } from '../../app/session.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import { sayOutcome } from '../../components/say-outcome.ts'
import { showToast } from '../../components/toasts.tsx'
import { parseFormOf } from '../../components/parse-form.ts'
import { useDraft } from '../../components/use-draft.ts'
import { sayName } from '../../components/say-name.ts'
import { useFields } from '../../components/use-fields.ts'
import { TERMS_PLACES, TermsFields, termsOf, wrongTerms } from './membership-terms.tsx'

export function AddMember({ list }: { readonly list: AccessListDetailView }) {
  const [isOpen, { open, close }] = useDisclosure()
  return (
    <>
      <Button onClick={open}>Add member</Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={<span className="wrap clamp">Who is added to "{sayName(list.title)}"?</span>}
      >
        <AddForm list={list} onDone={close} />
      </Modal>
    </>
  )
}

const START = { kind: 'user', name: '', until: '', reason: '' }

function AddForm({ list, onDone }: { readonly list: AccessListDetailView; readonly onDone: () => void }) {
  const draft = useDraft(`member.${list.id}`, START, parseFormOf(START))
  const { name, ...terms } = draft.value
  const kind = draft.value.kind === 'list' ? 'list' : 'user'
  const set = (part: Partial<typeof START>): void => draft.set({ ...draft.value, ...part })
  const found = useNames(kind, name)
  const body = {
    kind,
    name: found.find(({ label }) => label === name)?.value ?? name.trim(),
    ...termsOf(terms),
  } as const
  const fields = useFields({
    values: { name, until: terms.until, reason: terms.reason },
    places: { name: 'body.name', ...TERMS_PLACES },
    sent: [contract.addMember, body],
    wrong: wrongTerms(terms),
  })
  const add = useMutation({
    async mutationFn() {
      const wasIn = await isIn(list.id, body)
      return { wasIn, member: await client.addMember({ params: { id: list.id }, body }) }
    },
    onError: fields.refuse,
    async onSuccess({ wasIn, member }) {
      await queryClient.invalidateQueries({ queryKey: ['access-list', list.id] })
      draft.clear()
      const shown = sayName(member.title ?? member.name)
      const title = sayName(list.title)
      // Who was in it before is not taken out of it by thinking better of another end.
      if (wasIn) showToast(`${shown} was in "${title}" already. End and reason are the new ones.`)
      else
        showToast(`${shown} is in "${title}".`, {
          verb: 'Take out again',
          run: () => void takeOut(list.id, member, shown, title),
        })
      onDone()
    },
  })
  const gives = list.grants.roles
  return (
    <form {...fields.form} onSubmit={fields.onSubmit(() => add.mutate())}>
      <Stack>
        <SegmentedControl
          aria-label="Kind of member"
          data={[
            { value: 'user', label: 'A person' },
            { value: 'list', label: 'Another list' },
          ]}
          value={kind}
          onChange={(value) => set({ kind: value, name: '' })}
        />
        <Autocomplete
          label={kind === 'user' ? 'User name' : 'List'}
          data-autofocus
          required
          value={name}
          onChange={(typed) => set({ name: typed })}
          {...fields.at('name')}
          data={found.map(({ label }) => label)}
          filter={({ options }) => options}
        />
        <TermsFields terms={terms} at={fields.at} onChange={set} />
        <Text size="sm" c="dimmed" className="wrap">
          {gives.length === 0
            ? 'This list gives its members no role.'
            : `Gives ${gives
                .slice(0, 5)
                .map((role) => sayName(role))
                .join(', ')}${gives.length > 5 ? ` and ${gives.length - 5} more` : ''}, in AWS within seconds.`}
        </Text>
        {fields.problem !== undefined && <Problem error={fields.problem} />}
        <FormButtons
          verb="Add member"
          isBusy={add.isPending}
          onLeave={() => {
            draft.clear()
            onDone()
          }}
        />
      </Stack>
    </form>
  )
}

const MOST_READ = 1000

async function isIn(id: string, { kind, name }: Pick<MemberView, 'kind' | 'name'>): Promise<boolean> {
  const { items } = await client.listMembers({ params: { id }, query: { kind, search: name, limit: MOST_READ } })
  return items.some((member) => member.name.toLowerCase() === name.toLowerCase())
}

async function takeOut(id: string, { name: member, kind }: MemberView, shown: string, title: string): Promise<void> {
  await sayOutcome(() => client.removeMember({ params: { id, member }, query: { kind } }), {
    done: `${shown} is out of "${title}" again.`,
    refused: `${shown} is in "${title}" still`,
  })
  await queryClient.invalidateQueries({ queryKey: ['access-list', id] })
}

/** Names to choose from, for those who may read them; everybody else types the whole name. */
function useNames(kind: 'user' | 'list', typed: string): readonly { readonly value: string; readonly label: string }[] {
  const mayList = useMay('list', 'user')
  const [search] = useDebouncedValue(typed, 200)
  const query = useQuery({
    queryKey: ['names', kind, search],
    queryFn: async ({ signal }) => {
      if (kind === 'list') {
        const { items } = await client.listAccessLists({ query: { limit: 10, search } }, signal)
        return items.map(({ id, title }) => ({ value: id, label: title }))
      }
      const { items } = await client.listUsers({ query: { limit: 10, search } }, signal)
      return items.map(({ name }) => ({ value: name, label: name }))
    },
    enabled: kind === 'list' || mayList,
    placeholderData: (before) => before,
  })
  // Two lists of one title cannot be told apart by it, and two entries of one name cannot be shown.
  return [...new Map((query.data ?? []).map((one) => [one.label, one])).values()]
}
