import type { RoleName } from '../kernel/names.ts'
import { parsePattern } from '../kernel/pattern.ts'
import {
  DEFAULT_OPTIONS,
  NO_CONDITIONS,
  NO_REQUEST_CONDITIONS,
  type Role,
  type RoleConditions,
  type Rule,
  type Verb,
} from './role.ts'

/** Administers everything: has a rule for every kind. */
export const EDITOR = 'editor' as RoleName
/** Every account and set: for those who search with it and review it, rarely to be held. */
export const AWS_IC_ACCESS = 'aws-ic-access' as RoleName
/** Every application: what signing in to AWS takes, besides something to find there. */
export const ACCESS = 'access' as RoleName

const RESOURCE_TYPE_LABEL = 'teleport.internal/resource-type'
const ANY = parsePattern('*')

const READ: readonly Verb[] = ['list', 'read']
const WRITE: readonly Verb[] = ['create', 'read', 'list', 'update', 'delete']
const rule = (verbs: readonly Verb[], ...resources: string[]): Rule => ({ resources, verbs })

/** As the described product has it, with the kinds that do not exist here, so that what is exported reads the same. */
const EDITOR_RULES: readonly Rule[] = [
  rule(
    WRITE,
    'user',
    'role',
    'bot',
    'oidc',
    'saml',
    'github',
    'cluster_auth_preference',
    'cluster_networking_config',
    'session_recording_config',
    'cluster_maintenance_config',
    'ui_config',
    'token',
    'saml_idp_service_provider',
    'plugin',
    'access_list',
    'access_request',
    'lock',
    'aws_identity_center',
    'bundle',
    'approval_rule',
    'discovery_config',
    'notification',
  ),
  rule([...WRITE, 'use'], 'integration', 'audit_query', 'security_report'),
  rule([...WRITE, 'create_enroll_token', 'enroll'], 'device'),
  rule([...WRITE, 'rotate'], 'cert_authority'),
  rule(READ, 'event', 'session'),
]

/** What the described product's provider writes, and our kinds that files can have. */
const TERRAFORM_RULES: readonly Rule[] = [
  rule(
    WRITE,
    'access_list',
    'app',
    'bot',
    'cluster_auth_preference',
    'cluster_maintenance_config',
    'cluster_networking_config',
    'db',
    'device',
    'discovery_config',
    'dynamic_windows_desktop',
    'git_server',
    'github',
    'installer',
    'integration',
    'lock',
    'login_rule',
    'node',
    'oidc',
    'okta_import_rule',
    'role',
    'saml',
    'saml_idp_service_provider',
    'session_recording_config',
    'token',
    'trusted_cluster',
    'user',
    'bundle',
    'approval_rule',
  ),
]

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
  preset(EDITOR, 'system', 'Administers everything', { rules: EDITOR_RULES }),
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
  preset('auditor', 'preset', 'Reads the audit log', {
    rules: [rule(READ, 'event', 'session', 'cluster_alert'), rule([...READ, 'use'], 'audit_query', 'security_report')],
  }),
  {
    ...preset('group-access', 'preset', 'Every user group of another product; there are none here', {
      rules: [rule(READ, 'user_group')],
    }),
    unused: { 'allow.group_labels': { '*': ['*'] } },
  },
  preset('terraform-provider', 'preset', 'Administers what is kept in files', { rules: TERRAFORM_RULES }),
  preset('device-admin', 'preset', 'Administers trusted devices', {
    rules: [rule([...WRITE, 'create_enroll_token', 'enroll'], 'device')],
  }),
  preset('device-enroll', 'preset', 'Enrols trusted devices', { rules: [rule(['enroll'], 'device')] }),
  {
    ...preset('require-trusted-device', 'preset', 'Signs in to every application from a trusted device', {
      appLabels: { '*': [ANY] },
    }),
    options: { ...DEFAULT_OPTIONS, deviceTrustMode: 'required' },
  },
]

/** The server itself relies on these, so nobody changes or removes them. */
export const isBuiltIn = (role: Pick<Role, 'name'>): boolean =>
  role.name.toLowerCase() === EDITOR || role.name.toLowerCase() === AWS_IC_ACCESS
