export {
  type AwsCredentials,
  type CredentialSource,
  fixedCredentials,
  systemCredentials,
  webIdentityCredentials,
} from './credentials.ts'
export { checkPermissions } from './check-permissions.ts'
export { createListProvisionedSets } from './provisioned-sets.ts'
export { createIdentityCenter, type IdentityCenterOptions } from './identity-center.ts'
export { awsicSetupScript } from './setup-script.ts'
export { awsicCloudFormation, awsicTerraform } from './setup-templates.ts'
export {
  type PolicyDocument,
  type SetupExtras,
  type SetupOptions,
  type SetupSteps,
  setupPolicyName,
  setupSteps,
} from './setup-steps.ts'
