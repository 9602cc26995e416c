import type { AccountId, Organization, PermissionSetArn } from '@gatehouse/domain'
import type { CallOptions, IdentityCenter } from './identity-center.ts'

/** How one try of a SCIM address and token went; nothing is written and nothing is tried twice. */
export interface ScimTest {
  readonly outcome:
    | 'ok'
    /** What answers there is no SCIM endpoint. */
    | 'not-an-endpoint'
    /** AWS says so for a wrong token and for a wrong tenant alike. */
    | 'unauthorized'
    | 'server-error'
    | 'unreachable'
  /** What was answered, without the token. */
  readonly message: string
}
export type TestScim = (address: string, token: string, signal: AbortSignal) => Promise<ScimTest>

/** Whether the role may do one thing. */
export interface PermissionCheck {
  readonly action: string
  /** Of the tick box that it belongs to; absent for the guide's own. */
  readonly extra?: string
  /** `unproven`: only doing it would tell, or there is nothing to try it on. */
  readonly outcome: 'allowed' | 'missing' | 'unproven'
  readonly message: string
}

/** Looks at an organization that is not enrolled yet, and changes nothing there. */
export interface EnrolmentProbe {
  readonly identityCenter: IdentityCenter
  /** Every permission by itself. @throws IdentityCenterError when the role can't be assumed */
  checkPermissions(signal: AbortSignal): Promise<readonly PermissionCheck[]>
  /** @throws IdentityCenterError */
  listProvisionedSets(account: AccountId, call: CallOptions): Promise<readonly PermissionSetArn[]>
}
export type ProbeEnrolment = (organization: Organization) => EnrolmentProbe
