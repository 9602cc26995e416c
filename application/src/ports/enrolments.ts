import type { AuditEvent, EnrolmentDraft } from '@gatehouse/domain'

/** Each may hold much, and all are read for a list. */
export const MAX_ENROLMENTS = 20

/** Enrolments that are not finished, by the names that their organizations will have. */
export interface Enrolments {
  /** In the order of names. */
  list(signal: AbortSignal): Promise<readonly EnrolmentDraft[]>
  find(name: string, signal: AbortSignal): Promise<EnrolmentDraft | undefined>
  /**
   * Keeps a draft with its events, and the SCIM token if one is given: `null` takes it away. `replacing` is the revision that
   * the change was made on. @throws DomainError `already-exists`, `conflict` when there are too many to keep another, or
   * `stale` when somebody else has changed it
   */
  save(
    draft: EnrolmentDraft,
    options: {
      readonly replacing: number | undefined
      readonly scimToken?: string | null
      readonly events?: readonly AuditEvent[]
    },
    signal: AbortSignal,
  ): Promise<void>
  /** With its token; says whether there was one, and records the events then. */
  remove(name: string, events: readonly AuditEvent[], signal: AbortSignal): Promise<boolean>
  /** The token that was given with just this draft. @throws DomainError `stale` when it has changed since it was read */
  scimToken(draft: Pick<EnrolmentDraft, 'name' | 'revision'>, signal: AbortSignal): Promise<string | undefined>
}
