import {
  DEFAULT_REMOVAL_BUDGET,
  DomainError,
  type EnrolmentDraft,
  type EnrolmentGiven,
  type Instant,
  type Organization,
  type OrganizationId,
  REVERT_ALL,
} from '@gatehouse/domain'
import { checkForms } from '../adopt/enrol.ts'

/** What the tokens are for; the described product's own value, so that its providers in IAM go on working. */
export const OIDC_AUDIENCE = 'discover.teleport'
const DEFAULT_INTEGRATION = 'aws-oidc'

/** The organization as far as it can be reached with what is given. @throws DomainError `invalid-value` for what is missing or none */
export function organizationOfDraft({ name, given }: EnrolmentDraft, now: Instant): Organization {
  checkForms({ region: required(given, 'region'), instanceArn: required(given, 'instanceArn') })
  return {
    id: name as OrganizationId, // the script for the AWS side names it before it is enrolled
    name,
    instanceArn: required(given, 'instanceArn'),
    region: required(given, 'region'),
    identityStoreId: '',
    managementAccount: '',
    mode: 'shadow',
    hybrid: given.hybrid ?? false,
    credentials: credentialsOf(given),
    scimUrl: given.scimUrl ?? '',
    startUrl: given.startUrl ?? '',
    portalUrl: given.portalUrl ?? '',
    defaultOwners: [],
    accountFilter: given.accountFilter ?? [],
    groupFilter: given.groupFilter ?? [],
    userFilter: given.userFilter ?? [],
    driftPolicy: REVERT_ALL,
    removalBudget: DEFAULT_REMOVAL_BUDGET,
    rolesSyncMode: given.rolesSyncMode ?? 'ALL',
    createdAt: now,
    revision: 1,
  }
}

const ROLE_ARN = /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/
const A_ROLE = 'the ARN of a role such as arn:aws:iam::111122223333:role/gatehouse'

function credentialsOf(given: EnrolmentGiven): Organization['credentials'] {
  const roleArn = required(given, 'roleArn')
  if (!ROLE_ARN.test(roleArn))
    throw new DomainError({ code: 'invalid-value', field: 'roleArn', text: roleArn, expected: A_ROLE })
  if (given.useSystemCredentials === true)
    return { source: 'system', roleArn, ...(given.externalId === undefined ? {} : { externalId: given.externalId }) }
  return { source: 'oidc', integration: given.integration ?? DEFAULT_INTEGRATION, roleArn, audience: OIDC_AUDIENCE }
}

/** @throws DomainError `invalid-value` */
export function required(
  given: EnrolmentGiven,
  field: 'instanceArn' | 'region' | 'roleArn' | 'scimUrl' | 'serviceProviderMetadata',
): string {
  const value = given[field]
  if (value !== undefined && value !== '') return value
  throw new DomainError({ code: 'invalid-value', field, text: '', expected: WANTED[field] })
}

const WANTED = {
  instanceArn: 'an ARN such as arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6; it is required',
  region: 'an AWS Region such as eu-west-1; it is required',
  roleArn: 'the ARN that the script prints last; it is required',
  scimUrl: 'the SCIM endpoint that the console shows; it is required',
  serviceProviderMetadata: 'the metadata file of Identity Center; it is required',
} as const
