/** What people call an account and a permission set. */
export interface PlaceNames {
  /** `prod (111111111111)` of its id. */
  readonly accountOf: (id: string) => string
  /** Of its ARN. */
  readonly setOf: (arn: string) => string
}

/** For whoever may not read names, and for what AWS has no more: as it is written down. */
export const AS_WRITTEN: PlaceNames = { accountOf: (id) => id, setOf: (arn) => arn }
