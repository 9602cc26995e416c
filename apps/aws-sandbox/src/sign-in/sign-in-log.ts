/** One attempt to sign in through the identity provider. */
export interface LoggedSignIn {
  /** What the error page shows as its reference. */
  readonly id: string
  readonly at: number
  readonly outcome: 'signed-in' | 'refused'
  readonly userName?: string | undefined
  /** Whether the portal had asked for it. */
  readonly initiatedBy?: 'service-provider' | 'identity-provider' | undefined
  /** The true reason, which people are not told. */
  readonly reason?: string | undefined
  /** What people are told. */
  readonly shown?: string | undefined
}

export interface SignInLog {
  add(signIn: LoggedSignIn): void
  /** The last ones, oldest first. */
  last(count: number): readonly LoggedSignIn[]
}

const MOST_KEPT = 1_000

export function createSignInLog(): SignInLog {
  const all: LoggedSignIn[] = []
  return {
    add(signIn) {
      all.push(signIn)
      if (all.length > MOST_KEPT) all.shift()
    },
    last: (count) => all.slice(-count),
  }
}
