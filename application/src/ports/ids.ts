/** Identifiers and secrets that nobody can guess. */
export interface Ids {
  uuid(): string
  /** 256 bits from the system's generator, base64url. */
  secret(): string
}
