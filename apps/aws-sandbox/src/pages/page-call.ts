import type { PortalSession, User } from '../world/records.ts'
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
  readonly visitor: Visitor | undefined
}
export type SignedInCall = PageCall & { readonly visitor: Visitor }
export interface Visitor {
  readonly session: PortalSession
  readonly user: User
}

export type PageAnswer =
  | { readonly kind: 'page'; readonly page: Page; readonly status?: number }
  | { readonly kind: 'redirect'; readonly to: string; readonly signedIn?: PortalSession | 'out' }

/** A page for anybody, or for somebody who is signed in; everybody else is sent to sign in and comes back. */
export type PageRoute = {
  readonly method: 'GET' | 'POST'
  readonly path: string
} & (
  | { readonly open: true; readonly run: (call: PageCall) => PageAnswer }
  | { readonly open?: false; readonly run: (call: SignedInCall) => PageAnswer }
)

export function problemPage(title: string, body: Page['body'], status = 400): PageAnswer {
  return { kind: 'page', status, page: { title, body, narrow: true } }
}
