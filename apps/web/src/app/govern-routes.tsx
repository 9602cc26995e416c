import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { isOn, root, text } from './root-route.tsx'

const searched = (search: Record<string, unknown>): { search?: string | undefined } => ({ search: text(search.search) })
/** Whether the dialog stands open in which something new is made. */
const adding = (search: Record<string, unknown>): { add?: true | undefined } => ({ add: isOn(search.add) })

const lists = createRoute({
  getParentRoute: () => root,
  path: '/access-lists',
  validateSearch: searched,
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
  validateSearch: (search): { tab?: string | undefined; search?: string | undefined } => ({
    tab: text(search.tab),
    search: text(search.search),
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
  validateSearch: (search): { search?: string | undefined; show?: string | undefined } => ({
    search: text(search.search),
    show: text(search.show),
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
  validateSearch: (search) => ({ ...searched(search), ...adding(search) }),
  component: lazyRouteComponent(() => import('../features/users/users-page.tsx'), 'UsersPage'),
})
const user = createRoute({
  getParentRoute: () => root,
  path: '/users/$name',
  component: lazyRouteComponent(() => import('../features/users/user-page.tsx'), 'UserPage'),
})
const locks = createRoute({
  getParentRoute: () => root,
  path: '/locks',
  validateSearch: (search): { user?: string | undefined; add?: true | undefined } => ({
    user: text(search.user),
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
  validateSearch: adding,
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
