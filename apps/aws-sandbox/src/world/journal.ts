/** Where changes go so that they outlive the process. */
export interface Journal {
  record(table: string, key: string, row: unknown): void
  /** Resolves when everything recorded so far is on disk. */
  commit(): Promise<void>
  close(): Promise<void>
}
