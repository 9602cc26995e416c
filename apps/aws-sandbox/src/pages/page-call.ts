import type { SignInLog } from '../sign-in/sign-in-log.ts'
import type { User } from '../world/records.ts'
import type { PortalSession } from '../world/sign-in-records.ts'
import type { World } from '../world/world.ts'
import type { Page } from './layout.ts'

/** What a page knows about the request. */
export interface PageCall {
  readonly world: World
  readonly now: number
  /** Path and query, as received. */
  readonly url: string
  readonly query: URLSearchParams
  readonly form: URLSearchParams
  /** By a browser that says so. */
  readonly isNavigation: boolean
  readonly visitor: Visitor | undefined
  readonly signInLog: SignInLog
}
export type SignedInCall = PageCall & { readonly visitor: Visitor }
export interface Visitor {
  readonly session: PortalSession
  readonly user: User
}

export type PageAnswer =
  | { readonly kind: 'page'; readonly page: Page; readonly status?: number; readonly signedIn?: 'out' }
  | { readonly kind: 'redirect'; readonly to: string; readonly signedIn?: PortalSession }
  | { readonly kind: 'file'; readonly type: string; readonly body: string }

/** A page for anybody, or for somebody who is signed in; everybody else is sent to sign in and comes back. */
export type PageRoute = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Takes forms that other sites send. */
  readonly fromElsewhere?: true
} & (
  | { readonly open: true; readonly run: (call: PageCall) => PageAnswer }
  | { readonly open?: false; readonly run: (call: SignedInCall) => PageAnswer }
)

export function problemPage(title: string, body: Page['body'], status = 400): PageAnswer {
  return { kind: 'page', status, page: { title, body, narrow: true } }
}
