/**
 * Keys of the described product's roles that mean nothing here, because there are no nodes, clusters, databases or
 * desktops: kept as they are and shown as "not used here", so that a team's files can stay what they are.
 */
const withExpressions = (...names: string[]): string[] =>
  names.flatMap((name) => [`${name}_labels`, `${name}_labels_expression`])

export const UNUSED_CONDITIONS: ReadonlySet<string> = new Set([
  ...withExpressions(
    'node',
    'kubernetes',
    'cluster',
    'db',
    'db_service',
    'windows_desktop',
    'group',
    'workload_identity',
  ),
  'logins',
  'kubernetes_groups',
  'kubernetes_users',
  'kubernetes_resources',
  'db_names',
  'db_users',
  'db_roles',
  'db_permissions',
  'windows_desktop_logins',
  'desktop_groups',
  'host_groups',
  'host_sudoers',
  'aws_role_arns',
  'azure_identities',
  'gcp_service_accounts',
  'github_permissions',
  'impersonate',
  'join_sessions',
  'require_session_join',
  'namespaces',
  'spiffe',
  'mcp',
])

export const UNUSED_OPTIONS: ReadonlySet<string> = new Set([
  'cert_format',
  'cert_extensions',
  'forward_agent',
  'port_forwarding',
  'ssh_port_forwarding',
  'ssh_file_copy',
  'permit_x11_forwarding',
  'client_idle_timeout',
  'disconnect_expired_cert',
  'enhanced_recording',
  'record_session',
  'max_connections',
  'max_kubernetes_connections',
  'max_sessions',
  'pin_source_ip',
  'desktop_clipboard',
  'desktop_directory_sharing',
  'create_desktop_user',
  'create_host_user',
  'create_host_user_mode',
  'create_host_user_default_shell',
  'create_db_user',
  'create_db_user_mode',
  'lock',
  'mfa_verification_interval',
])

export const UNUSED_REQUEST: ReadonlySet<string> = new Set(['kubernetes_resources'])

/** What the server writes into a user's document by itself. */
export const UNUSED_USER: ReadonlySet<string> = new Set([
  'created_by',
  'status',
  'local_auth',
  'oidc_identities',
  'saml_identities',
  'github_identities',
  'trusted_device_ids',
  'weakest_device',
  'password_state',
])
