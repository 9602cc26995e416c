import { expect, it } from 'vitest'
import { remedyOf } from './remedy-of.ts'

it.each([
  ['CreateAccountAssignment: ThrottlingException: Rate exceeded', 'more slowly'],
  ['CreateAccountAssignment: AccessDeniedException: User is not authorized to perform it', 'lacks a permission'],
  ['CreateUser: 401 Request is unauthorized', 'SCIM token'],
  ['PatchGroup: the SCIM token holds characters that no token has', 'SCIM token'],
  ['CreateUser: 409 Duplicate: userName already exists', 'another of that name'],
  ['CreateAccountAssignment: ConflictException: did not have time to', 'at work on the same thing'],
  ['CreateAccountAssignment: ServiceQuotaExceededException: limit', 'quota of AWS'],
  ['Received a 404 status error: Not supported: the account was not found', 'does not know'],
  ['AssumeRoleWithWebIdentity: ExpiredTokenException: too old', 'have expired'],
  ['AssumeRoleWithWebIdentity: InvalidIdentityToken: No OpenIDConnect provider found', 'run the script'],
  ['DeleteUser: fetch failed', 'could not be reached'],
  ['is not authorized to perform: iam:CreateSAMLProvider', 'management account'],
  ['CreateUser: ValidationException: familyName', 'does not take a value'],
  ['It rains.', 'tried again by itself'],
])('says of "%s" what to do', (error, remedy) => {
  expect(remedyOf(error)).toContain(remedy)
})
