import type { AuditEventName } from './audit-event.ts'
import type { EventFields } from './event-fields.ts'

const organization = 'aws-identity-center'

/** When each event is recorded, and what it then may carry: the reference is made of these. */
export const EVENT_EXAMPLES: {
  readonly [Name in AuditEventName]: { readonly when: string; readonly fields: EventFields[Name] }
} = {
  'user.login': {
    when: 'Somebody signed in, or tried to.',
    fields: {
      method: 'local',
      success: false,
      error: 'wrong password',
      attributes: {},
      client: 'web',
      remote: '192.0.2.7',
    },
  },
  'user_login.invalid_access_list': {
    when: 'Somebody signed in who is in a list that does not give him all it says: it grants what is not there, or he lacks what it asks of its members.',
    fields: {
      access_list_name: '6b0e1c52-2f0e-4f3b-9a7e-0e6a5d1c9f11',
      access_list_title: 'Platform engineers',
      invalid_reason: 'missing_roles',
      missing_roles: ['ReadOnlyAccess-on-old-account-111111111111'],
    },
  },
  'user.create': { when: 'A user was created.', fields: user() },
  'user.update': { when: 'A user was changed or renamed.', fields: user() },
  'user.delete': { when: 'A user was removed, from every list too.', fields: user() },
  'user.password_link.create': {
    when: 'A one-time link for setting a password was made.',
    fields: { name: 'bruno@acme.example' },
  },
  'user.session.end': {
    when: 'Somebody signed out, or ended other sessions of his.',
    fields: {
      how: 'by its user',
      count: 1,
      sessions: [{ id: 'q3Jm0eYv7cW1n2Zs5dK8xA', client: 'cli', remote: '192.0.2.7' }],
    },
  },
  'user.device_code.confirm': {
    when: 'Somebody confirmed in a browser that a command line signs in as him, or typed a code that there is not.',
    fields: deviceCode(),
  },
  'user.device_code.refuse': { when: 'Somebody refused it.', fields: deviceCode() },
  'user.password_change': {
    when: 'Somebody set a password, or tried to change his with a wrong one.',
    fields: { by: 'its user', remote: '192.0.2.7' },
  },
  'role.created': { when: 'A role was created; `preset` where the server did it.', fields: { name: 'on-call' } },
  'role.updated': { when: 'A role was changed.', fields: { name: 'on-call' } },
  'role.deleted': { when: 'A role was removed.', fields: { name: 'on-call' } },
  'access_request.create': { when: 'Somebody asked for access.', fields: request('PENDING') },
  'access_request.update': {
    when: 'A request was decided: approved, denied or promoted.',
    fields: { ...request('APPROVED'), updated_by: 'ana@acme.example', delegator: '' },
  },
  'access_request.review': {
    when: 'Somebody reviewed a request; `state` is what it is afterwards.',
    fields: { ...request('APPROVED'), proposed_state: 'APPROVED', reviewer: 'ana@acme.example', reason: 'ok' },
  },
  'access_request.delete': { when: 'A request was withdrawn or removed.', fields: request('PENDING') },
  'access_request.search': {
    when: 'Somebody looked for what he may ask for.',
    fields: {
      resource_type: 'aws_ic_account_assignment',
      search_as_roles: ['aws-ic-access'],
      labels: { 'teleport.dev/account-name': 'prod' },
      predicate: '',
      search_keywords: ['readonly'],
    },
  },
  'access_request.expire': {
    when: 'Nobody decided a request in time.',
    fields: { ...request('PENDING'), resource_expiry: '2027-03-08T09:00:00Z' },
  },
  'access_list.create': { when: 'An access list was created or adopted.', fields: list() },
  'access_list.update': { when: 'Settings of an access list were changed.', fields: list() },
  'access_list.delete': { when: 'An access list was removed.', fields: list() },
  'access_list.review': {
    when: 'Somebody reviewed an access list; or the server did, where nobody is in it.',
    fields: {
      ...list(),
      review_id: '9c5b94b1-35ad-49bb-b118-8e8fc24abf80',
      notes: 'bruno has left',
      removed_members: ['bruno@acme.example'],
      asked_removals: [],
      membership_requirements_changed: null,
      review_frequency_changed: '3 months',
      review_day_of_month_changed: '',
      next_audit_date: '2027-06-01T00:00:00Z',
    },
  },
  'access_list.review.reminder': {
    when: 'The review of a list has come to a stage: it is open, due soon, or overdue. Once for each stage and date.',
    fields: reminder('soon'),
  },
  'access_list.review.escalate': {
    when: 'A review has been overdue for so long that it goes to other people as well.',
    fields: { ...reminder('escalated'), escalated_to: ['chiara@acme.example'] },
  },
  'access_list.suspend': {
    when: 'A list that nobody reviewed in time gives nothing more until somebody does.',
    fields: reminder('suspended'),
  },
  'access_list.member.create': { when: 'Members were added.', fields: members() },
  'access_list.member.update': { when: 'End or reason of memberships was changed.', fields: members() },
  'access_list.member.delete': {
    when: 'Members were taken out; `removed_on` is when.',
    fields: members('2027-03-01T09:00:00Z'),
  },
  'access_list.member.delete_all_for_access_list': {
    when: 'A list was removed, with everybody in it.',
    fields: listOfMembers(),
  },
  'lock.created': { when: 'A user, a role or a request was locked.', fields: lock() },
  'lock.deleted': { when: 'A lock was removed.', fields: lock() },
  'saml.idp.auth': {
    when: 'Somebody signed in to an application through Gatehouse, or was refused.',
    fields: {
      success: true,
      service_provider_entity_id: 'https://eu-west-1.signin.aws.amazon.com/platform/saml/d-0',
      sid: '',
    },
  },
  'access_request.permission_set_changed': {
    when: 'A permission set has become something else while approved access to it runs. The access goes on.',
    fields: {
      id: '0f8e2c4a-5d0b-4f0e-9a55-0d9a1f1f2f3b',
      user: 'ana@acme.example',
      permission_set_arn: 'arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef',
      approvers: ['bruno@acme.example'],
    },
  },
  'approval_rule.create': { when: 'An approval rule was made.', fields: approvalRule() },
  'approval_rule.update': { when: 'An approval rule was changed.', fields: approvalRule() },
  'approval_rule.delete': { when: 'An approval rule was removed.', fields: approvalRule() },
  'bundle.create': { when: 'A bundle was made.', fields: bundle() },
  'bundle.update': { when: 'A bundle was changed.', fields: bundle() },
  'bundle.delete': { when: 'A bundle was removed.', fields: bundle() },
  'saml.idp.service.provider.create': { when: 'An application was added.', fields: serviceProvider() },
  'saml.idp.service.provider.update': { when: 'An application was changed.', fields: serviceProvider() },
  'saml.idp.service.provider.delete': {
    when: 'An application was removed.',
    fields: { name: 'aws', updated_by: 'ana@acme.example' },
  },
  'saml.idp.certificate.create': { when: 'A signing certificate was made.', fields: certificate() },
  'saml.idp.certificate.activate': { when: 'A signing certificate came into use.', fields: certificate() },
  'saml.idp.certificate.delete': { when: 'A signing certificate was removed.', fields: certificate() },
  'enrolment.create': { when: 'An enrolment was begun.', fields: { name: 'aws-identity-center' } },
  'enrolment.update': {
    when: 'Something was given for an enrolment, or taken back. The token itself is never recorded.',
    fields: {
      name: 'aws-identity-center',
      revision: 7,
      changed: ['scimUrl', 'scimToken'],
      scim_token: 'given',
      scim_url: 'https://scim.eu-west-1.amazonaws.com/Hw59fdecb43-083d-4307-b59f-ef4a9eb90ca6/scim/v2',
      force_scim_url: false,
    },
  },
  'enrolment.check': {
    when: 'The role, or the SCIM address with its token, was tried.',
    fields: {
      name: 'aws-identity-center',
      step: 'scim',
      success: true,
      message: 'Address and token are right.',
      scim_url: 'https://scim.eu-west-1.amazonaws.com/Hw59fdecb43-083d-4307-b59f-ef4a9eb90ca6/scim/v2',
    },
  },
  'enrolment.delete': {
    when: 'An enrolment was removed by itself; with its organization it goes without an event of its own.',
    fields: { name: 'aws-identity-center' },
  },
  'plugin.create': { when: 'An Identity Center organization was enrolled.', fields: plugin('shadow') },
  'plugin.update': {
    when: 'Its settings changed, or it was allowed to write.',
    fields: { ...plugin('active'), plan: '6f1ed002ab5595859014ebf0951522d9' },
  },
  'plugin.delete': {
    when: 'It was removed.',
    fields: {
      ...plugin('active'),
      released: [
        'GROUP:84d83458-5091-70e3-d231-ae02c9ee2b70|111111111111|arn:aws:sso:::permissionSet/ssoins-72234e1d20e1e68d/ps-ab12cd34ef56ab78',
      ],
      released_count: 1,
      strip: false,
      identity_source_changed: true,
      lists: 12,
      dangling: 3,
    },
  },
  'plugin.removal.begin': {
    when: 'Somebody removes an organization with what Gatehouse made in AWS, which is taken away there first.',
    fields: { name: organization, assignments: 12, groups: 3, memberships: 41 },
  },
  'plugin.removal.stop': {
    when: 'Somebody stopped that: what is granted is given again.',
    fields: { name: organization },
  },
  'integration.create': { when: 'The OIDC integration of an organization was made.', fields: integration() },
  'integration.update': { when: 'It was changed. Not recorded yet.', fields: integration() },
  'integration.delete': { when: 'It was removed.', fields: integration() },
  'aws_identity_center.resource_sync.success': {
    when: 'A sweep has read AWS.',
    fields: { ...sync(12, 8, 96, 5), success: true, message: 'Everything was read.' },
  },
  'aws_identity_center.resource_sync.failed': {
    when: 'A sweep could not read AWS.',
    fields: { ...sync(0, 0, 0, 0), success: false, message: 'ListGroups: throttled' },
  },
  'aws_identity_center.account_assignment.created': {
    when: 'AWS confirmed, or refused, a new account assignment.',
    fields: { ...assignment(), causes: [{ kind: 'request', request: '0193a1c2-7d1e-7000-8000-5d2a4c6b8f01' }] },
  },
  'aws_identity_center.account_assignment.deleted': {
    when: 'AWS confirmed, or refused, the end of one; `cause` says why.',
    fields: { ...assignment(), cause: 'expired at 2027-03-01T11:00:00Z' },
  },
  'aws_identity_center.user.pushed': {
    when: 'A user was created, changed or removed in AWS, or AWS refused to remove one: `success` is false then, and `error` is what it said.',
    fields: { organization, name: 'bruno@acme.example', user_id: '93670424-a0d1', change: 'created' },
  },
  'aws_identity_center.group.pushed': {
    when: 'A group was created, renamed or removed in AWS, or AWS refused to remove one: `success` is false then, and `error` is what it said.',
    fields: { organization, group: 'Platform engineers', list: 'platform/members', change: 'created' },
  },
  'aws_identity_center.group.members_changed': {
    when: 'Members of a group were changed in AWS.',
    fields: {
      organization,
      group: 'Platform engineers',
      external_id: '93670424-b7c2',
      added: ['bruno@acme.example'],
      removed: [],
    },
  },
  'aws_identity_center.adopted': {
    when: 'What AWS held became records here, or a user or group was linked.',
    fields: { linked: 'user', ours: 'bruno@acme.example', aws: 'bruno@acme.example', external_id: '93670424-a0d1' },
  },
  'aws_identity_center.removals.held': {
    when: 'Removals that nobody decided are held back.',
    fields: {
      organization,
      count: 14,
      reason: '14 removals that nobody decided; 10 of 10 are left for these 24 hours.',
    },
  },
  'aws_identity_center.removals.released': {
    when: 'Somebody let held removals or findings through.',
    fields: {
      organization,
      operations: ['delete-assignment …'],
      operations_count: 1,
      findings: ['read-group 5'],
      findings_count: 1,
    },
  },
  'aws_identity_center.read.suspicious': {
    when: 'A reading of AWS lost so much that it was not believed.',
    fields: { organization, kind: 'group', message: '5 of 5 groups are missing.' },
  },
  'aws_identity_center.accounts.moved': {
    when: 'A sweep found accounts that came into the account filter or fell out of it, or that AWS added or no longer has.',
    fields: {
      organization,
      let_in: ['payments (111122223333)'],
      let_in_count: 1,
      kept_out: [],
      kept_out_count: 0,
      added_in_aws: ['payments-test (444455556666)'],
      added_in_aws_count: 1,
      gone_from_aws: [],
      gone_from_aws_count: 0,
    },
  },
  'aws_identity_center.drift.found': {
    when: 'AWS was changed beside Gatehouse, and drift policy leaves it to a person.',
    fields: {
      organization,
      count: 1,
      messages: ['AdministratorAccess on prod for ana@acme.example was added in AWS.'],
    },
  },
  'aws_identity_center.drift.decided': {
    when: 'Somebody took back what was changed in AWS, or let the records follow it.',
    fields: {
      organization,
      taken_back: ['AdministratorAccess on prod for ana@acme.example was added in AWS.'],
      taken_back_count: 1,
      followed: [],
      followed_count: 0,
    },
  },
  'adopted_assignment.end': {
    when: 'Somebody ended adopted assignments of a person; AWS is told to take away what nothing else gives.',
    fields: {
      organization,
      name: 'bruno@acme.example',
      ended: [
        {
          account_id: '123456789012',
          permission_set_arn: 'arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef',
        },
      ],
    },
  },
}

function deviceCode(): EventFields['user.device_code.refuse'] {
  return { machine: 'laptop', remote: '192.0.2.7', browser: '192.0.2.7' }
}

function user(): EventFields['user.create'] {
  return { name: 'bruno@acme.example', roles: ['requester'], connector: 'local', expires: '' }
}

function request(state: string): EventFields['access_request.create'] {
  return {
    id: '0193a1c2-7d1e-7000-8000-5d2a4c6b8f01',
    user: 'bruno@acme.example',
    roles: ['ReadOnlyAccess-on-prod-111111111111'],
    resource_ids: [{ kind: 'aws_ic_account_assignment', name: '111111111111--readonlyaccess' }],
    state,
    reason: 'INC-7',
    max_duration: '2h',
  }
}

function list(): EventFields['access_list.create'] {
  return {
    name: '6b0e1c52-2f0e-4f3b-9a7e-0e6a5d1c9f11',
    access_list_title: 'Platform engineers',
    updated_by: 'ana@acme.example',
    success: true,
  }
}

function listOfMembers(): EventFields['access_list.member.delete_all_for_access_list'] {
  const { name, ...rest } = list()
  return { access_list_name: name, ...rest }
}

function reminder(stage: string): EventFields['access_list.review.reminder'] {
  return { ...list(), updated_by: 'system', stage, due_date: '2027-03-01T00:00:00Z', owners: ['ana@acme.example'] }
}

function members(removed?: string): EventFields['access_list.member.create'] {
  return {
    ...listOfMembers(),
    members: [
      {
        member_name: 'bruno@acme.example',
        joined_on: '2026-11-20T09:00:00Z',
        ...(removed === undefined ? {} : { removed_on: removed }),
        reason: 'on call',
        membership_kind: 'MEMBERSHIP_KIND_USER',
      },
    ],
  }
}

function lock(): EventFields['lock.created'] {
  return { name: 'laptop-stolen', target: { user: 'bruno@acme.example' }, updated_by: 'ana@acme.example' }
}

function serviceProvider(): EventFields['saml.idp.service.provider.create'] {
  return {
    name: 'aws',
    service_provider_entity_id: 'https://eu-west-1.signin.aws.amazon.com/platform/saml/d-0',
    attribute_mapping: {},
    updated_by: 'ana@acme.example',
  }
}

function approvalRule(): EventFields['approval_rule.create'] {
  return { name: 'production-needs-two', decision: 'thresholds', updated_by: 'ana@acme.example' }
}

function bundle(): EventFields['bundle.create'] {
  return { name: 'on-call', title: 'On call', updated_by: 'ana@acme.example' }
}

function certificate(): EventFields['saml.idp.certificate.create'] {
  return { fingerprint: '3f:9a:…', updated_by: 'ana@acme.example' }
}

function plugin(mode: string): EventFields['plugin.create'] {
  return {
    name: 'aws-identity-center',
    plugin_type: 'aws-identity-center',
    has_credentials: true,
    reuses_credentials: false,
    plugin_data: {
      instance_arn: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
      region: 'eu-west-1',
      mode,
      hybrid: false,
      roles_sync_mode: 'ALL',
      credentials: 'oidc',
    },
  }
}

function integration(): EventFields['integration.create'] {
  return {
    name: 'idc-role',
    sub_kind: 'aws-oidc',
    aws_oidc: { role_arn: 'arn:aws:iam::111111111111:role/idc-role', issuer_s3_uri: '' },
  }
}

function sync(accounts: number, sets: number, assignments: number, groups: number) {
  return {
    organization,
    total_accounts: accounts,
    total_permission_sets: sets,
    total_account_assignments: assignments,
    total_user_groups: groups,
  }
}

function assignment() {
  return {
    organization,
    success: true,
    principal_metadata: {
      name: 'bruno@acme.example',
      friendly_name: 'bruno@acme.example',
      external_id: '93670424-a0d1',
      principal_type: 'USER',
    },
    sent_at: '2027-03-01T08:59:57Z',
    principal_assignments: [
      { account_id: '111111111111', permission_set_arn: 'arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-1' },
    ],
  } as const
}
