export interface EngineWorkerData {
  where: { folder: string } | { memory: true; template?: Uint8Array }
}

export type EngineRequest = { id: number } & (
  | { kind: 'exec'; message: Uint8Array }
  | { kind: 'dump' }
  | { kind: 'close' }
)

export type EngineReply =
  | { kind: 'ready' }
  | { kind: 'refused'; folder: string } // another process owns it
  | { kind: 'answer'; id: number; bytes: Uint8Array }
  | { kind: 'failed'; reason: string }
