export * from './in-memory-clock.ts'
export * from './in-memory-credentials.ts'
export * from './in-memory-store.ts'
export * from './store-contract.ts'
