import { PageLink } from '../../components/link.tsx'
import type { LockView } from './locks-query.ts'

/** What is locked, with the way to its page. */
export function Target({ lock: { kind, target } }: { readonly lock: Pick<LockView, 'kind' | 'target'> }) {
  switch (kind) {
    case 'user':
      return (
        <PageLink to="/users/$name" params={{ name: target }} size="sm">
          {target}
        </PageLink>
      )
    case 'role':
      return (
        <PageLink to="/roles/$name" params={{ name: target }} size="sm">
          {target}
        </PageLink>
      )
    case 'access_request':
      return (
        <PageLink to="/requests/$id" params={{ id: target }} size="sm">
          {target}
        </PageLink>
      )
  }
}
