import { ApiProblem, createClient } from '@gatehouse/api'
import { MutationCache, QueryClient } from '@tanstack/react-query'
import { isAttended } from './attendance.ts'
import { endSession } from './session-end.ts'
import { holdsTypedText } from './typed.ts'

/** Calls the server that the page came from, as whoever is signed in in this browser. */
export const client = createClient({ url: window.location.origin, isAttended })

let isLeaving = false

/** Whoever signs out means it: what is still being read is not to lead back here. */
export function leave(): void {
  isLeaving = true
}

/** Signing in again comes back to where one was; what is typed stays, and so does the page that it stands on. */
function signInAgain(staysHere = holdsTypedText()): void {
  if (isLeaving) return
  if (staysHere) {
    endSession()
    return
  }
  const { pathname, search } = window.location
  window.location.assign(`/sign-in?return=${encodeURIComponent(pathname + search)}`)
}

export const isSignedOut = (error: unknown): boolean => error instanceof ApiProblem && error.status === 401

/** For what is called beside queries and mutations: the page stays, and says that its sign-in has ended. */
export function heedSignOut(error: unknown): void {
  if (isSignedOut(error)) signInAgain(true)
}

export const queryClient = new QueryClient({
  mutationCache: new MutationCache({
    onError: heedSignOut,
  }),
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
