import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { isOn, root, text } from './root-route.tsx'

const organizations = createRoute({
  getParentRoute: () => root,
  path: '/organizations',
  validateSearch: (search): { add?: true | undefined } => ({ add: isOn(search.add) }),
  component: lazyRouteComponent(() => import('../features/organizations/organizations-page.tsx'), 'OrganizationsPage'),
})
const organization = createRoute({
  getParentRoute: () => root,
  path: '/organizations/$name',
  validateSearch: (search): { tab?: string | undefined; search?: string | undefined; kind?: string | undefined } => ({
    tab: text(search.tab),
    search: text(search.search),
    // Of what was changed in AWS.
    kind: text(search.kind),
  }),
  component: lazyRouteComponent(() => import('../features/organizations/organization-page.tsx'), 'OrganizationPage'),
})
const editOrganization = createRoute({
  getParentRoute: () => root,
  path: '/organizations/$name/edit',
  component: lazyRouteComponent(() => import('../features/organizations/edit-settings-page.tsx'), 'EditSettingsPage'),
})
const removal = createRoute({
  getParentRoute: () => root,
  path: '/organizations/$name/removal',
  component: lazyRouteComponent(() => import('../features/organizations/removal-page.tsx'), 'RemovalPage'),
})
const drift = createRoute({
  getParentRoute: () => root,
  path: '/drift',
  validateSearch: (search): { kind?: string | undefined } => ({ kind: text(search.kind) }),
  component: lazyRouteComponent(() => import('../features/organizations/drift-page.tsx'), 'DriftPage'),
})
const enrolment = createRoute({
  getParentRoute: () => root,
  path: '/organizations/$name/enrolment',
  component: lazyRouteComponent(() => import('../features/enrolment/enrolment-page.tsx'), 'EnrolmentPage'),
})
const enrolmentStep = createRoute({
  getParentRoute: () => root,
  path: '/organizations/$name/enrolment/$step',
  validateSearch: (search): { table?: string | undefined; show?: string | undefined; search?: string | undefined } => ({
    table: text(search.table),
    show: text(search.show),
    search: text(search.search),
  }),
  component: lazyRouteComponent(() => import('../features/enrolment/enrolment-page.tsx'), 'EnrolmentStepPage'),
})

export const organizationRoutes = [
  organizations,
  organization,
  editOrganization,
  removal,
  drift,
  enrolment,
  enrolmentStep,
] as const
