// Writes docs/reference/cli.md from the commands of tctl and tsh. CI runs it and compares. Run it on Node 24:
// node scripts/generate-cli-reference.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { tctl } from '../apps/admin-cli/src/index.ts'
import { tsh } from '../apps/user-cli/src/index.ts'

const FILE = fileURLToPath(new URL('../docs/reference/cli.md', import.meta.url))

const cell = (text) => text.replaceAll('|', '\\|')
const prose = (text) => cell(text).replaceAll('<', '&lt;')
const flagOf = ([name, { short, value }]) => {
  const long = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  return `\`${short ? `-${short}, ` : ''}${long}${value ? ` ${cell(value)}` : ''}\``
}

function describeCommand(command, path) {
  const words = [...path, command.name]
  if (command.commands) return command.commands.map((child) => describeCommand(child, words)).join('')
  const shown = Object.entries(command.options).filter(([, { isHidden }]) => !isHidden)
  const rows = [
    ...command.args.map(({ form, help }) => `| \`${form}\` | ${prose(help)} |`),
    ...shown.map((option) => `| ${flagOf(option)} | ${prose(option[1].help)} |`),
  ]
  const format = command.format === 'text' ? '' : ` Prints ${command.format} unless \`-o\` says otherwise.`
  const below = command.subcommands.map((child) => describeCommand(child, words)).join('')
  return `
### \`${words.join(' ')}${command.args.map(({ form }) => ` ${form}`).join('')}\`

${command.summary}${format}
${rows.length === 0 ? '' : `\n| | |\n| --- | --- |\n${rows.join('\n')}\n`}${below}`
}

const describeProgram = (program) => `
## ${program.name}

${program.summary}
${program.commands.map((command) => describeCommand(command, [program.name])).join('')}`

const text = `# Command line

Generated from the commands in \`apps/admin-cli\` and \`apps/user-cli\` by \`scripts/generate-cli-reference.mjs\`; edit those
instead. The server's own program is in [configuration](configuration.md).

Every command takes \`--help\`, \`-o, --format text|json|yaml\`, \`--proxy URL\` (the server; without it the current sign-in)
and \`--timeout DURATION\` (60s). What a command gives goes to stdout; what it has to say, to stderr: a problem is shown as
the server words it, with its remedy in the line below. Nothing asks a question unless stdin and stderr are a terminal.
Durations are written \`90m\`, \`8h\`, \`4d\` or in ISO 8601, times as in RFC 3339. \`NO_COLOR\`, \`CLICOLOR\`, \`CLICOLOR_FORCE\`
and \`TERM=dumb\` are honoured.

## Exit codes

| Code | Meaning |
| --- | --- |
| 0 | done |
| 1 | failure; a document that is not valid, a server that can't be reached |
| 2 | wrong usage: a flag, an argument or its value |
| 3 | not signed in |
| 4 | refused: not allowed, or too many attempts |
| 5 | not found |
| 6 | in conflict with what is there: it exists already, was changed meanwhile, removes more than was confirmed |
| 7 | out of time |
| 8 | partly done: some of several |
| 10 | there are differences (\`tctl plan --detailed-exitcode\`, \`tsh aws-profile --check\`) |
| 130 | interrupted |

## Sign-ins

\`tsh login\` keeps sign-ins in \`$XDG_STATE_HOME/gatehouse/sessions.json\`, or \`~/.gatehouse/sessions.json\`: mode 0600, one per
server, one of them current. Both programs use them. The password is asked for at a terminal, or comes from
\`--password-file FILE\` (\`-\` is stdin) or \`GATEHOUSE_PASSWORD\`. \`GATEHOUSE_URL\` names a server like \`--proxy\`; a token in
\`GATEHOUSE_TOKEN\` is used for that server and no other. A plain http address is accepted on loopback only.
${describeProgram(tctl(''))}${describeProgram(tsh(''))}`

if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') === text) process.exit(0)
  console.error('docs/reference/cli.md is not what the commands say: run "node scripts/generate-cli-reference.mjs".')
  process.exit(1)
}
writeFileSync(FILE, text)
