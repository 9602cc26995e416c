// What vitest's own reporters do not keep: why a test was skipped. Writes a summary to the file that
// GATEHOUSE_TEST_SUMMARY names.
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'

export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    const skipped = []
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId)
      // A file or a suite that fails outside of a test has no failed test to count.
      const suites = [...module.children.allSuites()]
      counts.failed += [module, ...suites].filter((part) => part.errors().length > 0).length
      for (const test of module.children.allTests()) {
        const { state, note } = test.result()
        if (state === 'passed') counts.passed += 1
        else if (state === 'failed') counts.failed += 1
        else {
          counts.skipped += 1
          skipped.push({ name: `${file}: ${test.fullName}`, reason: note ?? 'no reason given' })
        }
      }
    }
    writeFileSync(process.env.GATEHOUSE_TEST_SUMMARY, JSON.stringify({ counts, skipped }))
  }
}
