import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { isOn, root, text } from './root-route.tsx'

interface OrganizationSearch {
  readonly tab?: string | undefined
  readonly search?: string | undefined
  /** Accounts inside the filter, or outside. */
  readonly show?: string | undefined
  /** The part of an account's name that the plan is shown of. */
  readonly account?: string | undefined
  /** Of what was changed in AWS. */
  readonly kind?: string | undefined
  /** Whose calls are drawn. */
  readonly service?: string | undefined
}

/** The tables of its preview, and the plan that is shown at its end. */
type EnrolmentSearch = Pick<OrganizationSearch, 'show' | 'search' | 'account'> & { readonly table?: string | undefined }

const organizations = createRoute({
  getParentRoute: () => root,
  path: '/organizations',
  validateSearch: (search): { add?: true | undefined } => ({ add: isOn(search.add) }),
  component: lazyRouteComponent(() => import('../features/organizations/organizations-page.tsx'), 'OrganizationsPage'),
})
const organization = createRoute({
  getParentRoute: () => root,
  path: '/organizations/$name',
  validateSearch: (search): OrganizationSearch => ({
    tab: text(search.tab),
    search: text(search.search),
    show: text(search.show),
    account: text(search.account),
    kind: text(search.kind),
    service: text(search.service),
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
  validateSearch: (search): EnrolmentSearch => ({
    table: text(search.table),
    show: text(search.show),
    search: text(search.search),
    account: text(search.account),
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
