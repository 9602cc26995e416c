export {
  type AwsCredentials,
  type CredentialSource,
  fixedCredentials,
  systemCredentials,
  webIdentityCredentials,
} from './credentials.ts'
export { createIdentityCenter, type IdentityCenterOptions } from './identity-center.ts'
