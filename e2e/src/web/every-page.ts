import { ORGANIZATION } from '../harness/enrol.ts'
import { USER } from './hostile.ts'
import { ADMINISTRATOR, ENGINEER, REVIEWER } from './web-world.ts'

export const HOSTILE_LIST = '/access-lists/hostile-list'

/** Every page, by who has most to see on it; `request` is the one that was planted. */
export const PAGES: readonly (readonly [user: string, paths: readonly string[]])[] = [
  [
    ADMINISTRATOR,
    [
      '/',
      '/resources',
      '/requests',
      '/access-lists',
      HOSTILE_LIST,
      `${HOSTILE_LIST}?tab=about`,
      `${HOSTILE_LIST}?tab=history`,
      `${HOSTILE_LIST}/edit`,
      '/reviews',
      '/reviews/hostile-list',
      '/roles',
      '/roles/hostile-role',
      '/roles/hostile-role/edit',
      '/users',
      `/users/${USER}`,
      '/locks',
      '/service-providers',
      '/service-providers/hostile-provider',
      '/organizations',
      ...['status', 'plan', 'settings'].map((tab) => `/organizations/${ORGANIZATION}?tab=${tab}`),
      `/organizations/${ORGANIZATION}/edit`,
      `/organizations/${ORGANIZATION}/removal`,
      `/explorer?user=${USER}`,
      '/explorer?tab=who-can&account=account-0001&permissionSet=Set0000',
      '/explorer?tab=what-if',
      '/drift',
      '/audit',
      '/account',
    ],
  ],
  [REVIEWER, ['/', '/requests?show=review', 'request', '/reviews', '/reviews/hostile-list', HOSTILE_LIST]],
  [ENGINEER, ['/', '/resources?requestable=true', '/requests', 'request']],
]

/** The steps of an enrolment that was begun. */
export const enrolmentPages = (name: string): readonly string[] =>
  ['aws', 'preview', 'identity-source', 'scim', 'verify', 'access', 'connect'].map(
    (step) => `/organizations/${name}/enrolment/${step}`,
  )
