/** An engine seen from the thread that uses it. Calls are answered in order, one at a time. */
export interface EngineLink {
  exec(message: Uint8Array): Promise<Uint8Array>
  dump(): Promise<Uint8Array>
  close(): Promise<void>
  /** Called once, at once if it has happened, when the engine stopped by itself. Everything waiting is rejected. */
  onFatal(listener: (error: Error) => void): void
}
