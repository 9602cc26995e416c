import { ORGANIZATION } from '../harness/enrol.ts'
import { type Planted, plantHostile, USER } from './hostile.ts'
import { ADMINISTRATOR, ENGINEER, REVIEWER, type WebWorld } from './web-world.ts'

export const HOSTILE_LIST = '/access-lists/hostile-list'

/** Every page, by who has most to see on it; `$request` and `$lock` stand for what was planted. */
export const PAGES: readonly (readonly [user: string, paths: readonly string[]])[] = [
  [
    ADMINISTRATOR,
    [
      '/',
      '/resources',
      '/requests',
      '/access-lists',
      '/access-lists/new',
      HOSTILE_LIST,
      `${HOSTILE_LIST}?tab=about`,
      `${HOSTILE_LIST}?tab=history`,
      `${HOSTILE_LIST}/edit`,
      '/reviews',
      '/reviews/hostile-list',
      '/roles',
      '/roles/new',
      '/roles/hostile-role',
      '/roles/hostile-role/edit',
      '/users',
      `/users/${USER}`,
      '/locks',
      '/locks/$lock',
      '/service-providers',
      '/service-providers/hostile-provider',
      '/organizations',
      ...['status', 'plan', 'adopted', 'settings'].map((tab) => `/organizations/${ORGANIZATION}?tab=${tab}`),
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
  [
    REVIEWER,
    ['/', '/requests?show=reviewable', '/requests/$request', '/reviews', '/reviews/hostile-list', HOSTILE_LIST],
  ],
  [ENGINEER, ['/', '/resources?requestable=true', '/requests', '/requests/$request']],
]

/** The address of a page, with what was planted in its place. */
export const addressOf = (path: string, { request, lock }: Planted): string =>
  path.replace('$request', request).replace('$lock', lock)

/** The steps of an enrolment that was begun. */
const enrolmentPages = (name: string): readonly string[] =>
  ['aws', 'preview', 'identity-source', 'scim', 'verify', 'access', 'connect'].map(
    (step) => `/organizations/${name}/enrolment/${step}`,
  )

const SECOND = 'second'

/** Those and the steps of an enrolment beside, once `plantEverything` has run. */
export const EVERY_PAGE = [...PAGES, [ADMINISTRATOR, enrolmentPages(SECOND)] as const]

/** What every page needs to have something to show. */
export async function plantEverything(world: WebWorld): Promise<Planted> {
  const { client, sandbox } = world
  await client.startEnrolment({ body: { name: SECOND } })
  return plantHostile(client, { sandbox, engineer: () => world.signIn(ENGINEER) })
}
