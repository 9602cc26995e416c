import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import type { AuditFilter } from '../features/audit-events/audit-query.ts'
import type { Asked } from '../features/explain/explain-query.ts'
import { accountRoutes } from './account-routes.tsx'
import { myRunningQuery } from '../features/access-requests/requests-query.ts'
import { tasksQuery } from '../features/home/tasks-query.ts'
import { resourcesQuery } from '../features/resources/resources-query.ts'
import type { ResourceSearch } from '../features/resources/resource-filters.tsx'
import { queryClient } from './client.ts'
import { governRoutes } from './govern-routes.tsx'
import { organizationRoutes } from './organization-routes.tsx'
import { PageFailed } from './page-failed.tsx'
import { isOn, root, text } from './root-route.tsx'

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  // Asked for while the page's code is still on its way; the page says what failed.
  loader: () => {
    void queryClient.prefetchQuery(tasksQuery)
    void queryClient.prefetchQuery(myRunningQuery)
  },
  component: lazyRouteComponent(() => import('../features/home/home-page.tsx'), 'HomePage'),
})
const resources = createRoute({
  getParentRoute: () => root,
  path: '/resources',
  validateSearch: (search): ResourceSearch => ({
    search: text(search.search),
    requestable: isOn(search.requestable),
    show: search.show === 'favourites' || search.show === 'recent' ? search.show : undefined,
    tag: text(search.tag),
    unit: text(search.unit),
    organization: text(search.organization),
    cart: isOn(search.cart),
  }),
  loader: () => {
    void queryClient.prefetchQuery(resourcesQuery)
  },
  component: lazyRouteComponent(() => import('../features/resources/resources-page.tsx'), 'ResourcesPage'),
})
const requests = createRoute({
  getParentRoute: () => root,
  path: '/requests',
  validateSearch: (
    search,
  ): {
    show?: string | undefined
    state?: string | undefined
    sort?: string | undefined
  } => ({
    show: text(search.show),
    state: text(search.state),
    sort: text(search.sort),
  }),
  component: lazyRouteComponent(() => import('../features/access-requests/requests-page.tsx'), 'RequestsPage'),
})
const request = createRoute({
  getParentRoute: () => root,
  path: '/requests/$id',
  component: lazyRouteComponent(() => import('../features/access-requests/request-page.tsx'), 'RequestPage'),
})
const explorer = createRoute({
  getParentRoute: () => root,
  path: '/explorer',
  validateSearch: (
    search,
  ): { tab?: string | undefined; look?: string | undefined; sort?: string | undefined } & Asked => ({
    tab: text(search.tab),
    look: text(search.look),
    sort: text(search.sort),
    user: text(search.user),
    account: text(search.account),
    permissionSet: text(search.permissionSet),
  }),
  component: lazyRouteComponent(() => import('../features/explain/explorer-page.tsx'), 'ExplorerPage'),
})
const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: (search): { details?: string | undefined } & AuditFilter => ({
    details: text(search.details),
    event: text(search.event),
    user: text(search.user),
    subject: text(search.subject),
    text: text(search.text),
    from: text(search.from),
    to: text(search.to),
  }),
  component: lazyRouteComponent(() => import('../features/audit-events/audit-page.tsx'), 'AuditPage'),
})
const start = createRoute({
  getParentRoute: () => root,
  path: '/index.html',
  beforeLoad: () => {
    throw redirect({ to: '/' })
  },
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    resources,
    requests,
    request,
    explorer,
    audit,
    start,
    ...governRoutes,
    ...accountRoutes,
    ...organizationRoutes,
  ]),
  defaultPreload: 'intent',
  defaultPendingMs: 150,
  defaultErrorComponent: PageFailed,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
