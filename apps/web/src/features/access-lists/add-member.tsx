import type { AccessListDetailView } from '@gatehouse/api'
import { Autocomplete, Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { useMay } from '../../app/session.ts'
import { Problem } from '../../components/problem.tsx'
import { showToast } from '../../components/toasts.tsx'
import { type MembershipTerms, TermsFields, termsOf } from './membership-terms.tsx'

export function AddMember({ list }: { readonly list: AccessListDetailView }) {
  const [isOpen, { open, close }] = useDisclosure()
  return (
    <>
      <Button onClick={open}>Add member</Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={<span className="wrap clamp">Who is added to "{list.title}"?</span>}
      >
        <AddForm list={list} onDone={close} />
      </Modal>
    </>
  )
}

function AddForm({ list, onDone }: { readonly list: AccessListDetailView; readonly onDone: () => void }) {
  const [kind, setKind] = useState<'user' | 'list'>('user')
  const [name, setName] = useState('')
  const [terms, setTerms] = useState<MembershipTerms>({ until: '', reason: '' })
  const found = useNames(kind, name)
  const add = useMutation({
    mutationFn: () =>
      client.addMember({
        params: { id: list.id },
        body: {
          kind,
          name: found.find(({ label }) => label === name)?.value ?? name.trim(),
          ...termsOf(terms),
        },
      }),
    async onSuccess(member) {
      await queryClient.invalidateQueries({ queryKey: ['access-list', list.id] })
      showToast(`${member.title ?? member.name} is in "${list.title}".`)
      onDone()
    },
  })
  const gives = list.grants.roles
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() !== '') add.mutate()
      }}
    >
      <Stack>
        <SegmentedControl
          aria-label="Kind of member"
          data={[
            { value: 'user', label: 'A person' },
            { value: 'list', label: 'Another list' },
          ]}
          value={kind}
          onChange={(value) => {
            setKind(value === 'list' ? 'list' : 'user')
            setName('')
          }}
        />
        <Autocomplete
          label={kind === 'user' ? 'User name' : 'List'}
          data-autofocus
          required
          value={name}
          onChange={setName}
          data={found.map(({ label }) => label)}
          filter={({ options }) => options}
        />
        <TermsFields terms={terms} onChange={setTerms} />
        <Text size="sm" c="dimmed" className="wrap">
          {gives.length === 0
            ? 'This list gives its members no role.'
            : `Gives ${gives.slice(0, 5).join(', ')}${gives.length > 5 ? ` and ${gives.length - 5} more` : ''}, in AWS within seconds.`}
        </Text>
        {add.isError && <Problem error={add.error} />}
        <Group>
          <Button type="submit" loading={add.isPending}>
            Add member
          </Button>
          <Button variant="default" onClick={onDone}>
            Leave it
          </Button>
        </Group>
      </Stack>
    </form>
  )
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
