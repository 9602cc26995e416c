export * from './helps-of.ts'
export * from './run.ts'
export * from './start-server.ts'
