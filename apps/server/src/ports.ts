import type {
  AccessListReviews,
  AuditLog,
  ChangeFeed,
  DeviceCodes,
  Engine,
  Enrolments,
  EnrolPorts,
  PermissionSetReader,
  ProbeEnrolment,
  ReviewDrafts,
  SamlKeys,
  SamlProtocol,
  SamlRequests,
  Secrets,
  ShownPlans,
  SignInPorts,
  SigningKeys,
  Store,
  TestScim,
} from '@gatehouse/application'
import type { TokenIssuer } from '@gatehouse/adapter-oidc'

/** Everything the routes need of the world. `wire.ts` fills it. */
export interface ServerPorts extends SignInPorts {
  readonly store: Store
  readonly auditLog: AuditLog
  readonly changes: ChangeFeed
  readonly deviceCodes: DeviceCodes
  readonly reviews: AccessListReviews
  readonly drafts: ReviewDrafts
  readonly secrets: Secrets
  readonly signingKeys: SigningKeys
  readonly tokenIssuer: TokenIssuer
  /** Acts on AWS once it is running. */
  readonly engine: Engine
  readonly probe: EnrolPorts['probe']
  readonly allowsLoopback: boolean
  readonly isPrivateHost: (host: string) => Promise<boolean>
  readonly enrolments: Enrolments
  readonly probeEnrolment: ProbeEnrolment
  readonly testScim: TestScim
  readonly saml: SamlProtocol
  readonly samlKeys: SamlKeys
  readonly samlRequests: SamlRequests
  readonly shownPlans: ShownPlans
  /** Reads permission sets afresh where an approval is shown or checked. */
  readonly permissionSets: PermissionSetReader
  /** Resolves when requests can be served: the database is migrated and answers. */
  checkReady(signal: AbortSignal): Promise<void>
}
