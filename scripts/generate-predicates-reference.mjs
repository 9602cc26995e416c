// Writes docs/reference/predicates.md from the functions and variables of the code. CI runs it and compares. Run it on
// Node 24: node scripts/generate-predicates-reference.mjs [--check]
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_LENGTH, PREDICATE_FUNCTIONS, SCOPES } from '../domain/src/index.ts'

const FILE = fileURLToPath(new URL('../docs/reference/predicates.md', import.meta.url))
const TYPES = {
  text: 'a text',
  set: 'a set of texts',
  traits: 'sets by key',
  labels: 'texts by key',
}
const signature = ({ name, parameters, isVariadic }) =>
  `${name}(${parameters.map((one) => (one === 'same' ? 'the same' : one)).join(', ')}${isVariadic ? ', …' : ''})`

const text = `# Conditions and expressions

Generated from \`domain/src/predicates/\` by \`scripts/generate-predicates-reference.mjs\`; edit that instead.

Roles and service providers carry small expressions. They are read when a document is saved: what is wrong is refused with
path, line, and the column inside the expression, and with what to do. Working one out never fails, and takes time in
proportion to its length and to what it is asked with.

## What is written

| | |
| --- | --- |
| texts | \`"…"\` or \`'…'\` with \`\\\\\`, \`\\"\`, \`\\'\`, \`\\n\`, \`\\t\`, \`\\r\`, \`\\u0041\` inside; \`\` \`…\` \`\` as it stands |
| truth | \`true\`, \`false\` |
| a value of a map | \`labels["env"]\` or \`labels.env\`; a label that is missing is an empty text, a trait that is missing an empty set |
| comparing | \`a == b\`, \`a != b\`: two texts, two sets or two conditions |
| joining | \`!a\`, then \`a && b\`, then \`a \\|\\| b\`; parentheses as usual |

There are no numbers. At most ${MAX_EXPRESSION_LENGTH} characters and ${MAX_EXPRESSION_DEPTH} levels.

## Functions

| Function | Gives | Meaning | Example |
| --- | --- | --- | --- |
${PREDICATE_FUNCTIONS.map(
  (one) =>
    `| \`${signature(one)}\` | ${one.result === 'boolean' ? 'true or false' : TYPES[one.result]} | ${one.meaning.replaceAll('|', '\\|')} | \`${one.example.replaceAll('|', '\\|')}\` |`,
).join('\n')}

A pattern is written out in quotes, so that it can be checked when it is saved.

## Variables

${SCOPES.map(
  ({ place, variables }) => `### ${place}

| Variable | Is | Meaning |
| --- | --- | --- |
${Object.entries(variables)
  .map(([name, { type, meaning }]) => `| \`${name}\` | ${TYPES[type]} | ${meaning} |`)
  .join('\n')}
`,
).join('\n')}`

if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') === text) process.exit(0)
  console.error(
    'docs/reference/predicates.md is not what the code says: run "node scripts/generate-predicates-reference.mjs".',
  )
  process.exit(1)
}
writeFileSync(FILE, text)
