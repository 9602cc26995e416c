import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { Shell } from './shell.tsx'
import { NotFound } from './not-found.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

/** What stands in the address; anything else is dropped. */
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const isOn = (value: unknown): true | undefined => (value === true || value === 'true' ? true : undefined)

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('../features/home/home-page.tsx'), 'HomePage'),
})
const resources = createRoute({
  getParentRoute: () => root,
  path: '/resources',
  validateSearch: (search): { search?: string | undefined; requestable?: true | undefined } => ({
    search: text(search.search),
    requestable: isOn(search.requestable),
  }),
  component: lazyRouteComponent(() => import('../features/resources/resources-page.tsx'), 'ResourcesPage'),
})
const requests = createRoute({
  getParentRoute: () => root,
  path: '/requests',
  validateSearch: (search): { show?: string | undefined; state?: string | undefined } => ({
    show: text(search.show),
    state: text(search.state),
  }),
  component: lazyRouteComponent(() => import('../features/access-requests/requests-page.tsx'), 'RequestsPage'),
})
const request = createRoute({
  getParentRoute: () => root,
  path: '/requests/$id',
  component: lazyRouteComponent(() => import('../features/access-requests/request-page.tsx'), 'RequestPage'),
})
const start = createRoute({
  getParentRoute: () => root,
  path: '/index.html',
  beforeLoad: () => {
    throw redirect({ to: '/' })
  },
})

export const router = createRouter({
  routeTree: root.addChildren([home, resources, requests, request, start]),
  defaultPreload: 'intent',
  defaultPendingMs: 150,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
