import type { AccessRequestDetailView } from '@gatehouse/api'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { requestQuery } from './requests-query.ts'

/** A change of one request: its answer is the request as it is then. */
export function useChange<Input>(id: string, change: (input: Input) => Promise<AccessRequestDetailView>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess(request) {
      queries.setQueryData(requestQuery(id).queryKey, request)
      void queries.invalidateQueries({ queryKey: ['requests'] })
      void queries.invalidateQueries({ queryKey: ['tasks'] })
    },
    // Whatever was refused, the page may be behind.
    onError: () => void queries.invalidateQueries({ queryKey: requestQuery(id).queryKey }),
  })
}
