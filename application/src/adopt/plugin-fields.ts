import type { EventFields, Organization } from '@gatehouse/domain'

/** Never a secret: what is set, and that there are credentials. */
export const pluginFields = (organization: Organization): EventFields['plugin.create'] => ({
  name: organization.name,
  plugin_type: 'aws-identity-center',
  has_credentials: true,
  reuses_credentials: false,
  plugin_data: {
    instance_arn: organization.instanceArn,
    region: organization.region,
    mode: organization.mode,
    hybrid: organization.hybrid,
    roles_sync_mode: organization.rolesSyncMode,
    credentials: organization.credentials.source,
  },
})
