import { ApiProblem, createClient } from '@gatehouse/api'
import { QueryClient } from '@tanstack/react-query'
import { isAttended } from './attendance.ts'

/** Calls the server that the page came from, as whoever is signed in in this browser. */
export const client = createClient({ url: window.location.origin, isAttended })

let isLeaving = false

/** Whoever signs out means it: what is still being read is not to lead back here. */
export function leave(): void {
  isLeaving = true
}

/** Signing in again comes back to where one was. */
function signInAgain(): void {
  if (isLeaving) return
  const { pathname, search } = window.location
  window.location.assign(`/sign-in?return=${encodeURIComponent(pathname + search)}`)
}

export const isSignedOut = (error: unknown): boolean => error instanceof ApiProblem && error.status === 401

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // The caller of the contract repeats what may be repeated.
      retry: false,
      throwOnError: (error) => {
        if (isSignedOut(error)) signInAgain()
        return false
      },
    },
    mutations: { retry: false },
  },
})
