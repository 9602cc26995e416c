import type { RoleName } from '../kernel/names.ts'
import { parsePattern } from '../kernel/pattern.ts'
import { DEFAULT_OPTIONS, NO_CONDITIONS, NO_REQUEST_CONDITIONS, type Role, type RoleConditions } from './role.ts'

/** May do everything. What its holder may do is in the rules that ask for it, not in the role. */
export const EDITOR = 'editor' as RoleName
/** Every account and set: for those who search with it and review it, rarely to be held. */
export const AWS_IC_ACCESS = 'aws-ic-access' as RoleName
/** Every application: what signing in to AWS takes, besides something to find there. */
export const ACCESS = 'access' as RoleName

const RESOURCE_TYPE_LABEL = 'teleport.internal/resource-type'
const ANY = parsePattern('*')

const preset = (
  name: string,
  type: 'preset' | 'system',
  description: string,
  allow: Partial<RoleConditions>,
): Role => ({
  name: name as RoleName,
  version: 'v8',
  description,
  labels: { [RESOURCE_TYPE_LABEL]: type },
  options: DEFAULT_OPTIONS,
  allow: { ...NO_CONDITIONS, ...allow },
  deny: NO_CONDITIONS,
  unused: {},
  revision: 1,
})

/** Roles that exist from the first start on. */
export const PRESET_ROLES: readonly Role[] = [
  preset(EDITOR, 'system', 'Administers everything', {}),
  preset(AWS_IC_ACCESS, 'system', 'Every AWS account and permission set, to search and review with', {
    accountAssignments: [{ account: ANY, permissionSet: ANY }],
  }),
  preset('requester', 'preset', 'Asks for access to AWS accounts', {
    request: { ...NO_REQUEST_CONDITIONS, searchAsRoles: [AWS_IC_ACCESS] },
  }),
  preset('reviewer', 'preset', 'Reviews requests for AWS accounts', {
    reviewRequests: {
      ...NO_CONDITIONS.reviewRequests,
      roles: [parsePattern(AWS_IC_ACCESS)],
      previewAsRoles: [AWS_IC_ACCESS],
    },
  }),
  preset(ACCESS, 'preset', 'Signs in to every application', { appLabels: { '*': [ANY] } }),
]

/** The server itself relies on these, so nobody changes or removes them. */
export const isBuiltIn = (role: Pick<Role, 'name'>): boolean =>
  role.name.toLowerCase() === EDITOR || role.name.toLowerCase() === AWS_IC_ACCESS
