import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { defineConfig } from 'vitest/config'

/** What takes longest begins first, or one of two workers waits for the other in the end. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONG.findIndex((part) => moduleId.includes(part))
      return place === -1 ? LONG.length : place
    }
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}
const LONG = ['/e2e/src/journey/', '/e2e/src/web/', '/e2e/src/crash/', '/e2e/', '/apps/admin-cli/', '/apps/user-cli/']

/** They share no state, so that a worker reads once what they import. With databases of their own, others take longer so. */
const TOGETHER = '{domain,application,api,apps/web,apps/aws-sandbox}/src/**/*.test.ts'

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'together', include: [TOGETHER], isolate: false } },
      {
        extends: true,
        test: { name: 'apart', include: ['{adapters/*,apps/*,e2e}/src/**/*.test.ts'], exclude: [TOGETHER] },
      },
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A second is short where servers, databases and browsers share two cores.
    expect: { poll: { timeout: 10_000 } },
    sequence: { sequencer: LongFirst },
    // Two cores is the size we plan for; every worker may hold a database and a sandbox of its own.
    maxWorkers: 2,
    pool: 'forks',
    // Node warns that running TypeScript is new; failures come as exceptions.
    execArgv: ['--disable-warning=ExperimentalWarning'],
  },
})
