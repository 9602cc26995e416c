import { AwsError } from '../http/aws-error.ts'

type OidcErrorCode =
  | 'AccessDeniedException'
  | 'AuthorizationPendingException'
  | 'ExpiredTokenException'
  | 'InvalidClientException'
  | 'InvalidClientMetadataException'
  | 'InvalidGrantException'
  | 'InvalidRedirectUriException'
  | 'InvalidRequestException'
  | 'InvalidScopeException'
  | 'SlowDownException'
  | 'UnauthorizedClientException'
  | 'UnsupportedGrantTypeException'

/** An error of the model; its OAuth name is added on the wire. AWS leaves most descriptions empty. */
export function oidcError(code: OidcErrorCode, description = ''): AwsError {
  return new AwsError(code, description, { status: code === 'InvalidClientException' ? 401 : 400 })
}
