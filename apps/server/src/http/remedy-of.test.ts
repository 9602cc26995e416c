import { describe, expect, it } from 'vitest'
import { remedyOf } from './remedy-of.ts'

describe('what to do about an error of AWS', () => {
  it.each([
    ['CreateAccountAssignment: ThrottlingException: Rate exceeded', 'more slowly'],
    ['CreateAccountAssignment: RequestLimitExceeded: Request limit exceeded.', 'more slowly'],
    ['CreateUser: 429', 'more slowly'],
    ['CreateAccountAssignment: AccessDeniedException: User is not authorized to perform it', 'lacks a permission'],
    [
      'CreateAccountAssignment: AccessDeniedException: sso:ProvisionSet failed because of iam:PassRole',
      'lacks a permission',
    ],
    ['Received a 403 status error: Access denied by IAM.', 'lacks a permission'],
    [
      'ListGroups: AccessDeniedException: User: arn:x is not authorized to perform: identitystore:ListGroups on resource: y',
      'lacks a permission in AWS: add identitystore:ListGroups to it',
    ],
    [
      'ListGroups: AccessDeniedException: User: arn:x is not authorized to perform: identitystore:ListGroups on resource: y with an explicit deny in a service control policy',
      'forbids it by a policy of the organization',
    ],
    ['AssumeRole: AccessDenied: User: x is not authorized to perform: sts:AssumeRole on resource: y', 'run the script'],
    ['CreateUser: 401 Request is unauthorized', 'SCIM token'],
    ['CreateUser: 403', 'SCIM token'],
    ['PatchGroup: the SCIM token holds characters that no token has', 'SCIM token'],
    ['CreateUser: 409 Duplicate: userName already exists', 'another of that name'],
    ['A group "platform" exists in Identity Center and is not ours.', 'another of that name'],
    ['CreateAccountAssignment: ConflictException: did not have time to', 'at work on the same thing'],
    ['CreateAccountAssignment: ConflictException: the name already exists', 'at work on the same thing'],
    ['CreateAccountAssignment: ServiceQuotaExceededException: limit', 'quota of AWS'],
    ['Received a 404 status error: Not supported: the account was not found', 'does not know'],
    ['DeleteGroup: 404 not found', 'does not know'],
    ['PatchGroup: AWS does not know the member 1-2', 'does not know'],
    ['CreateAccountAssignment: ResourceNotFoundException: team-403 is not there', 'does not know'],
    ['AssumeRoleWithWebIdentity: ExpiredTokenException: too old', 'have expired'],
    ['AssumeRoleWithWebIdentity: InvalidIdentityToken: No OpenIDConnect provider found', 'run the script'],
    ['AssumeRoleWithWebIdentity: InvalidIdentityTokenException: Token expired', 'run the script'],
    ['AssumeRole: AccessDenied: it may not', 'run the script'],
    ['CreateAccountAssignment: InvalidSignatureException: Signature expired: now earlier', 'clock'],
    ['ListAccounts: CredentialsProviderError: Could not load credentials', 'no credentials'],
    [
      'CreateAccountAssignment: AccessDeniedException: not authorized to perform: iam:CreateSAMLProvider',
      'management account',
    ],
    ['CreateUser: ValidationException: familyName', 'does not take a value'],
    ['CreateUser: 400 Request is unparsable, syntactically incorrect', 'does not take a value'],
    ['PatchUser: 400 the name team-404 is closed', 'does not take a value'],
    ['CreateGroup: displayName is empty', 'does not take a value'],
    ['Received a 400 status error: the account 111111111111 is suspended', 'once it is active again'],
    ['DeleteUser: fetch failed', 'could not be reached'],
    ['CreateUser: other side closed', 'could not be reached'],
    ['CreateUser: terminated', 'could not be reached'],
    ['CreateUser: read ECONNRESET', 'could not be reached'],
    ['CreateUser: certificate has expired', 'could not be reached'],
    ['CreateUser: getaddrinfo ENOTFOUND scim.us-east-1.amazonaws.com', 'could not be reached'],
    ['CreateAccountAssignment: Error: getaddrinfo ENOTFOUND sso.us-east-1.amazonaws.com', 'could not be reached'],
    ['CreateAccountAssignment: TimeoutError: socket hang up', 'could not be reached'],
    ['ListUsers: 503', 'could not be reached'],
    ['ListUsers: InternalServerException: an expired token', 'could not be reached'],
    ['ListUsers: the answer is not what SCIM says', 'could not be reached'],
    ['It rains.', 'tried again by itself'],
    ['The role quota of team-404 expired, which is not found in a closed account.', 'tried again by itself'],
  ])('follows from the name or status of "%s"', (error, remedy) => {
    expect(remedyOf(error)).toContain(remedy)
  })

  it.each([
    ['unavailable', 'ListUsers: access denied by a proxy', 'could not be reached'],
    ['throttled', 'ListUsers: quota', 'more slowly'],
    ['busy', 'CreateAccountAssignment: ThrottlingException: too many requests processing', 'more slowly'],
    ['access-denied', 'CreateUser: 401 Expired', 'SCIM token'],
    ['access-denied', 'ListAccounts: SomethingNew: closed', 'lacks a permission'],
    ['expired-credentials', 'ListAccounts: SomethingNew: not found', 'have expired'],
    ['not-found', 'ListAccounts: SomethingNew: expired', 'does not know'],
    ['name-taken', 'CreateUser: conflict', 'another of that name'],
    ['conflict', 'CreateAccountAssignment: denied', 'at work on the same thing'],
    ['invalid', 'CreateUser: ServiceQuotaExceededException: denied', 'quota of AWS'],
    ['invalid', 'CreateUser: not found', 'does not take a value'],
  ] as const)('follows from the failure "%s" where it is known, whatever the text says', (failure, error, remedy) => {
    expect(remedyOf(error, failure)).toContain(remedy)
  })
})
