import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { isOn, root, text } from './root-route.tsx'

interface Searched {
  readonly search?: string | undefined
}
interface Sorted {
  readonly sort?: string | undefined
}
const searched = (search: Record<string, unknown>): Searched => ({ search: text(search.search) })
/** By which column a table is in order. */
const sorted = (search: Record<string, unknown>): Sorted => ({ sort: text(search.sort) })
/** Whether the dialog stands open in which something new is made. */
const adding = (search: Record<string, unknown>): { add?: true | undefined } => ({ add: isOn(search.add) })

const lists = createRoute({
  getParentRoute: () => root,
  path: '/access-lists',
  validateSearch: (search) => ({ ...searched(search), ...sorted(search) }),
  component: lazyRouteComponent(() => import('../features/access-lists/lists-page.tsx'), 'ListsPage'),
})
const newList = createRoute({
  getParentRoute: () => root,
  path: '/access-lists/new',
  component: lazyRouteComponent(() => import('../features/access-lists/edit-list-page.tsx'), 'NewListPage'),
})
const list = createRoute({
  getParentRoute: () => root,
  path: '/access-lists/$id',
  validateSearch: (search): { tab?: string | undefined; kind?: string | undefined } & Searched & Sorted => ({
    tab: text(search.tab),
    kind: text(search.kind),
    ...searched(search),
    ...sorted(search),
  }),
  component: lazyRouteComponent(() => import('../features/access-lists/list-page.tsx'), 'ListPage'),
})
const editList = createRoute({
  getParentRoute: () => root,
  path: '/access-lists/$id/edit',
  component: lazyRouteComponent(() => import('../features/access-lists/edit-list-page.tsx'), 'EditListPage'),
})
const reviews = createRoute({
  getParentRoute: () => root,
  path: '/reviews',
  validateSearch: sorted,
  component: lazyRouteComponent(() => import('../features/reviews/reviews-page.tsx'), 'ReviewsPage'),
})
const review = createRoute({
  getParentRoute: () => root,
  path: '/reviews/$id',
  component: lazyRouteComponent(() => import('../features/reviews/review-page.tsx'), 'ReviewPage'),
})
const roles = createRoute({
  getParentRoute: () => root,
  path: '/roles',
  validateSearch: (search): { show?: string | undefined } & Searched & Sorted => ({
    show: text(search.show),
    ...searched(search),
    ...sorted(search),
  }),
  component: lazyRouteComponent(() => import('../features/roles/roles-page.tsx'), 'RolesPage'),
})
const newRole = createRoute({
  getParentRoute: () => root,
  path: '/roles/new',
  component: lazyRouteComponent(() => import('../features/roles/edit-role-page.tsx'), 'NewRolePage'),
})
const role = createRoute({
  getParentRoute: () => root,
  path: '/roles/$name',
  component: lazyRouteComponent(() => import('../features/roles/role-page.tsx'), 'RolePage'),
})
const editRole = createRoute({
  getParentRoute: () => root,
  path: '/roles/$name/edit',
  component: lazyRouteComponent(() => import('../features/roles/edit-role-page.tsx'), 'EditRolePage'),
})
const users = createRoute({
  getParentRoute: () => root,
  path: '/users',
  validateSearch: (search) => ({ ...searched(search), ...sorted(search), ...adding(search) }),
  component: lazyRouteComponent(() => import('../features/users/users-page.tsx'), 'UsersPage'),
})
const user = createRoute({
  getParentRoute: () => root,
  path: '/users/$name',
  validateSearch: sorted,
  component: lazyRouteComponent(() => import('../features/users/user-page.tsx'), 'UserPage'),
})
const locks = createRoute({
  getParentRoute: () => root,
  path: '/locks',
  validateSearch: (search): { user?: string | undefined; add?: true | undefined } & Sorted => ({
    user: text(search.user),
    ...sorted(search),
    ...adding(search),
  }),
  component: lazyRouteComponent(() => import('../features/locks/locks-page.tsx'), 'LocksPage'),
})
const lock = createRoute({
  getParentRoute: () => root,
  path: '/locks/$id',
  component: lazyRouteComponent(() => import('../features/locks/lock-page.tsx'), 'LockPage'),
})
const serviceProviders = createRoute({
  getParentRoute: () => root,
  path: '/service-providers',
  validateSearch: (search) => ({ ...adding(search), ...sorted(search) }),
  component: lazyRouteComponent(
    () => import('../features/service-providers/service-providers-page.tsx'),
    'ServiceProvidersPage',
  ),
})
const serviceProvider = createRoute({
  getParentRoute: () => root,
  path: '/service-providers/$name',
  component: lazyRouteComponent(
    () => import('../features/service-providers/service-provider-page.tsx'),
    'ServiceProviderPage',
  ),
})

export const governRoutes = [
  lists,
  newList,
  list,
  editList,
  reviews,
  review,
  roles,
  newRole,
  role,
  editRole,
  users,
  user,
  locks,
  lock,
  serviceProviders,
  serviceProvider,
] as const
