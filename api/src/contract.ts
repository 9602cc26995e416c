import { accessListEndpoints } from './access-lists.ts'
import { accessRequestEndpoints } from './access-requests.ts'
import { adoptedAssignmentEndpoints } from './adopted-assignments.ts'
import { auditEventEndpoints } from './audit-events.ts'
import { bundleEndpoints } from './bundles.ts'
import { documentEndpoints } from './documents.ts'
import { enrolmentEndpoints } from './enrolments.ts'
import { explainEndpoints } from './explain.ts'
import type { Client, Contract } from './endpoint.ts'
import { organizationLifeEndpoints } from './organization-life.ts'
import { organizationMetricsEndpoints } from './organization-metrics.ts'
import { organizationEndpoints } from './organizations.ts'
import { resourceEndpoints } from './resources.ts'
import { reviewDraftEndpoints } from './review-drafts.ts'
import { samlEndpoints } from './saml.ts'
import { signInEndpoints } from './sign-in.ts'
import { taskEndpoints } from './tasks.ts'
import { userEndpoints } from './users.ts'

/** Everything the server answers under `/v1`, once. */
export const contract = {
  ...signInEndpoints,
  ...documentEndpoints,
  ...explainEndpoints,
  ...userEndpoints,
  ...accessListEndpoints,
  ...reviewDraftEndpoints,
  ...accessRequestEndpoints,
  ...resourceEndpoints,
  ...bundleEndpoints,
  ...organizationEndpoints,
  ...enrolmentEndpoints,
  ...organizationLifeEndpoints,
  ...adoptedAssignmentEndpoints,
  ...organizationMetricsEndpoints,
  ...samlEndpoints,
  ...auditEventEndpoints,
  ...taskEndpoints,
} as const satisfies Contract

export type GatehouseContract = typeof contract
export type GatehouseClient = Client<GatehouseContract>
