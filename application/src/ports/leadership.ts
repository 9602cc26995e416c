/** One replica acts on AWS at a time. */
export interface Leadership {
  /** The fencing token while this process leads, else `undefined`. Never blocks longer than a database call. */
  acquireOrRenew(signal: AbortSignal): Promise<number | undefined>
  release(signal: AbortSignal): Promise<void>
}
