// How many of the named cases (docs/reference/cases.md) have a test or a reason: a line per section. Fails when a case
// has neither, or when a test names one that is not listed.
import { globSync, readFileSync } from 'node:fs'

const ID = /\b(?:D[1-8]|GD)-(?:out-)?\d+\b/g
const ROW = /^\| ((?:D[1-8]|GD)-(?:out-)?\d+)(?: to (?:(?:D[1-8]|GD)-(?:out-)?(\d+)))? \|[^|]*\|([^|]*)\|$/gm
/** Where tests and the steps of the journey have their names. */
const TESTS = ['**/*.{test,e2e}.ts', 'e2e/src/journey/*.ts']

const reasonOf = new Map()
for (const [, first, last, reason] of readFileSync('docs/reference/cases.md', 'utf8').matchAll(ROW)) {
  const at = first.lastIndexOf('-') + 1
  const from = Number(first.slice(at))
  for (let number = from; number <= Number(last ?? from); number++)
    reasonOf.set(first.slice(0, at) + number, reason.trim())
}
const filesOf = new Map()
for (const file of globSync(TESTS, { exclude: (name) => name === 'node_modules' }))
  for (const [id] of readFileSync(file, 'utf8').matchAll(ID)) filesOf.set(id, [...(filesOf.get(id) ?? []), file])

const sections = Map.groupBy(reasonOf.keys(), (id) => id.slice(0, id.indexOf('-')))
for (const [section, ids] of sections) {
  const tested = ids.filter((id) => filesOf.has(id)).length
  const explained = ids.filter((id) => !filesOf.has(id) && reasonOf.get(id) !== '').length
  console.log(`${section}: ${ids.length} cases, ${tested} with a test, ${explained} with a reason`)
}
const missing = [...reasonOf].filter(([id, reason]) => reason === '' && !filesOf.has(id)).map(([id]) => id)
const unknown = [...filesOf].filter(([id]) => !reasonOf.has(id))
const settled = [...reasonOf].filter(([id, reason]) => reason !== '' && filesOf.has(id)).map(([id]) => id)
for (const id of missing) console.error(`${id} has neither a test nor a reason.`)
for (const [id, files] of unknown) console.error(`${id} is not listed in docs/reference/cases.md: ${files.join(', ')}`)
for (const id of settled) console.error(`${id} has a test, and still a reason for having none.`)
process.exitCode = missing.length + unknown.length + settled.length === 0 ? 0 : 1
