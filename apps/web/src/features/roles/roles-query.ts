import type { Document } from '@gatehouse/api'
import { queryOptions } from '@tanstack/react-query'
import { client, queryClient } from '../../app/client.ts'
import type { Named } from '../../components/choice.tsx'
import { pagesOf } from '../../components/pages.ts'
import { sayName } from '../../components/say-name.ts'

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

/** Accounts and permission sets by name, for those who may read them; one page of each is plenty to choose from. */
export const catalogueQuery = queryOptions({
  queryKey: ['catalogue'],
  queryFn: async ({
    signal,
  }): Promise<{ readonly accounts: readonly Named[]; readonly permissionSets: readonly Named[] }> => {
    const [accounts, sets] = await Promise.all(
      (['aws_ic_account', 'aws_ic_permission_set'] as const).map((kind) =>
        client.listDocuments({ params: { kind }, query: { limit: 1000 } }, signal),
      ),
    )
    return {
      accounts: (accounts?.items ?? []).map(({ metadata: { name, description } }) => ({
        value: name,
        label: `${sayName(description ?? name)} (${name})`,
      })),
      // A role names a set by its ARN: two may have one name over time.
      permissionSets: (sets?.items ?? []).map(({ metadata: { name }, spec = {} }) => ({
        value: typeof spec['arn'] === 'string' ? spec['arn'] : name,
        label: name,
      })),
    }
  },
  staleTime: 60_000,
})
