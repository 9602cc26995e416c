import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{domain,application,api,adapters/*,apps/*,e2e}/src/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores is the size we plan for; every worker may hold a database and a sandbox of its own.
    maxWorkers: 2,
    pool: 'forks',
    // Node warns that running TypeScript is new; failures come as exceptions.
    execArgv: ['--disable-warning=ExperimentalWarning'],
  },
})
