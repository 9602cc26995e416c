import type { AccessRequestDetailView } from '@gatehouse/api'
import { Menu, Button } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { client } from '../../app/client.ts'
import { Problem } from '../../components/problem.tsx'
import { useChange } from './use-change.ts'

/** Lasting access instead of access that ends: the requester becomes a member of a list that gives it. */
export function Promote({ request }: { readonly request: AccessRequestDetailView }) {
  const { id, user, promotionCandidates } = request
  const left = request.promotionCandidatesTotal - promotionCandidates.length
  const promote = useChange(id, (list: (typeof promotionCandidates)[number]) =>
    client.promoteAccessRequest({ params: { id }, body: { list: list.id } }),
  )
  if (promotionCandidates.length === 0) return null
  return (
    <>
      <Menu withinPortal>
        <Menu.Target>
          <Button
            variant="default"
            loading={promote.isPending}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            Make a member
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{user} gets it for good, as a member of</Menu.Label>
          {promotionCandidates.map((list) => (
            <Menu.Item key={list.id} onClick={() => promote.mutate(list)}>
              {list.title}
            </Menu.Item>
          ))}
          {left > 0 && <Menu.Label>and {left} more, which fit less well</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
      {promote.isError && <Problem error={promote.error} />}
    </>
  )
}
