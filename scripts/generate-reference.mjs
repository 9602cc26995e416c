// Writes docs/reference/configuration.md from the server's own schema. CI runs it and compares. Run it on Node 24:
// node scripts/generate-reference.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { settings } from '../apps/server/src/config/settings.ts'

const FILE = fileURLToPath(new URL('../docs/reference/configuration.md', import.meta.url))

const code = (text) => (text === undefined ? '' : `\`${text}\``)
const names = ({ key, variable, flag, standardVariable }) =>
  [code(key), code(variable), code(standardVariable), code(flag)].filter(Boolean).join('<br>')
const values = ({ default: fallback, values: choices, example, isSecret }) =>
  [
    fallback === undefined ? 'no default' : `default ${code(fallback)}`,
    choices && `one of ${choices.map(code).join(', ')}`,
    example && `such as ${code(example)}`,
    isSecret && 'secret: never printed, no flag',
  ]
    .filter(Boolean)
    .join('; ')

const text = `# Configuration of the server

Generated from the schema in \`apps/server/src/config.ts\` by \`scripts/generate-reference.mjs\`; edit that instead.

\`gatehouse serve\` reads a YAML file (\`--config FILE\` or \`GATEHOUSE_CONFIG\`), then variables, then flags; the later one
wins. Nested settings have a dot in the file's order, \`__\` in a variable and \`-\` in a flag. Every variable may also be
given as \`<NAME>_FILE\`, the path of a file that holds the value. An unknown setting is an error. \`gatehouse config check\`
names everything that is wrong and exits with 2; \`gatehouse config print --redacted\` shows what is in force.

Durations are written \`90m\`, \`8h\`, \`4d\` or in ISO 8601.

| Setting | Value | Meaning |
| --- | --- | --- |
${settings.map((setting) => `| ${names(setting)} | ${values(setting)} | ${setting.description} |`).join('\n')}
`

if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') === text) process.exit(0)
  console.error(
    'docs/reference/configuration.md is not what the schema says: run "node scripts/generate-reference.mjs".',
  )
  process.exit(1)
}
writeFileSync(FILE, text)
