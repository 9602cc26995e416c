import type { Operation } from '../world/operation.ts'
import { oidcProviderOperations } from './oidc-providers.ts'
import { policyOperations } from './policies.ts'
import { rolePolicyOperations } from './role-policies.ts'
import { roleOperations } from './roles.ts'
import { samlProviderOperations } from './saml-providers.ts'
import { userOperations } from './users.ts'

/** IAM, as far as Identity Center, its set-up and the demo need it. */
export const iamOperations: readonly Operation[] = [
  ...oidcProviderOperations,
  ...roleOperations,
  ...rolePolicyOperations,
  ...samlProviderOperations,
  ...policyOperations,
  ...userOperations,
]
