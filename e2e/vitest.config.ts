import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import all from '../vitest.config.ts'

const { projects: _, ...test } = all.test ?? {}

/** Everything in a browser: what `npm test` runs of it, and what takes longer. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: { ...test, include: ['e2e/src/web/*.{test,e2e}.ts'] },
})
