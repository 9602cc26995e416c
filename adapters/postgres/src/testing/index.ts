export { onEachDatabase } from './on-each-database.ts'
export { startPostgresServer, type TestServer } from './postgres-server.ts'
export { createTestDatabase, type TestDatabase } from './test-database.ts'
