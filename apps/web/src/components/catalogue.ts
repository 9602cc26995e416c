import { queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { client } from '../app/client.ts'
import { useMay } from '../app/session.ts'
import type { Named } from './choice.tsx'
import { everyPage } from './every-page.ts'
import { AS_WRITTEN, type PlaceNames } from './place-names.ts'
import { sayName } from './say-name.ts'

const listOf = (kind: 'aws_ic_account' | 'aws_ic_permission_set', signal: AbortSignal) =>
  everyPage((page) => client.listDocuments({ params: { kind }, query: page }, signal))

/** All accounts and permission sets by name, for those who may read them. */
export const catalogueQuery = queryOptions({
  queryKey: ['catalogue'],
  queryFn: async ({
    signal,
  }): Promise<{ readonly accounts: readonly Named[]; readonly permissionSets: readonly Named[] }> => {
    const [accounts, sets] = await Promise.all([
      listOf('aws_ic_account', signal),
      listOf('aws_ic_permission_set', signal),
    ])
    return {
      accounts: accounts.map(({ metadata: { name, description } }) => ({
        value: name,
        label: `${sayName(description ?? name)} (${name})`,
      })),
      // A role names a set by its ARN: two may have one name over time.
      permissionSets: sets.map(({ metadata: { name }, spec = {} }) => ({
        value: typeof spec['arn'] === 'string' ? spec['arn'] : name,
        label: name,
      })),
    }
  },
  staleTime: 60_000,
})

/** What accounts and permission sets are called, by id and ARN; whoever may not read them sees those. */
export function usePlaceNames(isNeeded: boolean): PlaceNames {
  const mayRead = useMay('list', 'aws_identity_center')
  const { data } = useQuery({ ...catalogueQuery, enabled: mayRead && isNeeded })
  return useMemo(() => {
    if (!data) return AS_WRITTEN
    const [accounts, sets] = [labelsOf(data.accounts), labelsOf(data.permissionSets)]
    return { accountOf: (id) => accounts.get(id) ?? id, setOf: (arn) => sets.get(arn) ?? arn }
  }, [data])
}

const labelsOf = (names: readonly Named[]): ReadonlyMap<string, string> =>
  new Map(names.map(({ value, label }) => [value, label]))
