export * from './run.ts'
export * from './start-server.ts'
