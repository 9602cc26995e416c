import type { Document } from '@gatehouse/api'
import { queryOptions } from '@tanstack/react-query'
import { client, queryClient } from '../../app/client.ts'
import { pagesOf } from '../../components/pages.ts'

export const isSystem = ({ sub_kind }: Document): boolean => sub_kind === 'aws_identity_center'

const PAGE = 200

export const rolesQuery = (search: string | undefined, system: boolean) => ({
  ...pagesOf(
    ['roles', system, search],
    async (cursor, signal) => {
      const query = { limit: PAGE, cursor, search, system }
      const { items, next } = await client.listDocuments({ params: { kind: 'role' }, query }, signal)
      // System roles come after all others.
      return { items: items.filter((role) => isSystem(role) === system), next }
    },
    2,
  ),
})

export const roleQuery = (name: string) =>
  queryOptions({
    queryKey: ['role', name],
    queryFn: ({ signal }) => client.getDocument({ params: { kind: 'role', name } }, signal),
  })

export function readRolesAgain(): void {
  void queryClient.invalidateQueries({ queryKey: ['roles'] })
  void queryClient.invalidateQueries({ queryKey: ['role'] })
}
