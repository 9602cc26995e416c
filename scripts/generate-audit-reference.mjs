// Writes docs/reference/audit-events.md from the types of the audit events. CI runs it and compares. Run it on Node 24:
// node scripts/generate-audit-reference.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AUDIT_CODES } from '../domain/src/audit/audit-event.ts'
import { EVENT_EXAMPLES } from '../domain/src/audit/event-examples.ts'

const FILE = fileURLToPath(new URL('../docs/reference/audit-events.md', import.meta.url))

const rows = Object.entries(AUDIT_CODES).map(([name, [done, failed]]) => {
  const codes = done === failed ? `\`${done}\`` : `\`${done}\`, \`${failed}\``
  return `| [\`${name}\`](#${name.replaceAll('.', '')}) | ${codes} | ${EVENT_EXAMPLES[name].when} |`
})
const sections = Object.entries(AUDIT_CODES).map(([name, [done, failed]]) => {
  const { when, fields } = EVENT_EXAMPLES[name]
  const code = fields.success === false ? failed : done
  const example = { event: name, code, time: '2027-03-01T09:00:00Z', user: 'ana@acme.example', fields }
  return `### \`${name}\`

${when}

\`\`\`json
${JSON.stringify(example, null, 2)}
\`\`\`
`
})

const text = `# Audit events

Generated from \`domain/src/audit\` by \`scripts/generate-audit-reference.mjs\`; edit that instead.

An event is saved in the transaction of the change that it records: without the one there is not the other. Names and codes are
the described product's; codes beginning with \`GH\` are ours. The second code is of what was refused or failed. Besides its
\`fields\` every event has:

| | |
| --- | --- |
| \`seq\` | its number; there are no gaps |
| \`uid\` | a UUID |
| \`event\`, \`code\`, \`time\` | what, and when (RFC 3339, UTC) |
| \`user\` | who did it; absent for what the server did by itself |
| \`subjects\` | what it is about, by ids: \`user:\`, \`role:\`, \`list:\`, \`request:\`, \`lock:\`, \`organization:\`, \`service-provider:\` |
| \`hash\`, \`previousHash\` | SHA-256 over the previous hash, a line feed and \`{code, event, fields, seq, subjects, time, uid, user}\` as canonical JSON (RFC 8785), \`user\` left out when absent |

\`tctl audit search\` finds them, \`tctl audit export\` writes them to a file, and \`tctl audit verify --file\` checks such a file
without a server.

| Event | Codes | Recorded when |
| --- | --- | --- |
${rows.join('\n')}

## Examples

${sections.join('\n')}`

if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') !== text) {
    console.error(
      `docs/reference/audit-events.md is not what the events say: run "node scripts/generate-audit-reference.mjs".`,
    )
    process.exit(1)
  }
} else writeFileSync(FILE, text)
