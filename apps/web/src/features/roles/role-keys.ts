/** Keys of a role by where they stand; items of a list stand where the list does. */
export const ROLE_KEYS: Readonly<Record<string, readonly string[]>> = {
  '': ['kind', 'version', 'metadata', 'spec'],
  metadata: ['name', 'description', 'labels'],
  spec: ['options', 'allow', 'deny'],
  'spec.options': [
    'max_session_ttl',
    'require_session_mfa',
    'device_trust_mode',
    'request_access',
    'request_prompt',
    'idp',
  ],
  ...conditionsOf('allow'),
  ...conditionsOf('deny'),
}

function conditionsOf(side: 'allow' | 'deny'): Record<string, readonly string[]> {
  const at = `spec.${side}`
  return {
    [at]: ['app_labels', 'app_labels_expression', 'account_assignments', 'request', 'review_requests', 'rules'],
    [`${at}.account_assignments`]: ['account', 'permission_set'],
    [`${at}.request`]: [
      'roles',
      'claims_to_roles',
      'search_as_roles',
      'suggested_reviewers',
      'thresholds',
      'max_duration',
      'annotations',
      'reason',
    ],
    [`${at}.request.reason`]: ['mode', 'prompt'],
    [`${at}.rules`]: ['resources', 'verbs', 'where'],
  }
}

/** Values that there are not many of, by the last two keys of where they stand. */
export const ROLE_VALUES: Readonly<Record<string, readonly string[]>> = {
  version: ['v8', 'v7'],
  'options.request_access': ['optional', 'always', 'reason'],
  'reason.mode': ['optional', 'required'],
  'rules.verbs': ['list', 'read', 'create', 'update', 'delete', 'use'],
  'rules.resources': [
    'user',
    'role',
    'access_list',
    'access_request',
    'lock',
    'saml_idp_service_provider',
    'bundle',
    'approval_rule',
    'plugin',
    'integration',
    'aws_identity_center',
    'event',
  ],
}
