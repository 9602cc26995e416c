import { type ConfigFile, formatSection, fromBytes, isBlank, isEnded, type Section } from './config-file.ts'
import { isMarker } from './markers.ts'
import { endOfKeys, type Keys } from './section-keys.ts'

export interface Change {
  readonly kind: 'added' | 'changed' | 'removed'
  readonly section: string
}

export const newSection = (name: string, keys: Keys, marker: string, lineEnd: string): Section => ({
  lead: [lineEnd, marker + lineEnd],
  header: `[${name}]${lineEnd}`,
  name,
  body: Object.entries(keys).map(([key, value]) => `${key} = ${value}${lineEnd}`),
})

/** Puts sections in the place of others, or nothing, and new ones at the end. */
export function assemble(
  before: ConfigFile,
  placed: ReadonlyMap<Section, Section | undefined>,
  added: readonly Section[],
): { readonly file: ConfigFile; readonly changes: readonly Change[] } {
  const changes: Change[] = []
  const change = (kind: Change['kind'], { name }: Section) => changes.push({ kind, section: fromBytes(name) })
  const preamble = [...before.preamble]
  const sections: Section[] = []
  const keepLines = (lines: readonly string[]): void => {
    const last = sections.pop()
    if (last) sections.push({ ...last, body: [...last.body, ...lines] })
    else preamble.push(...lines)
  }
  for (const section of before.sections) {
    const next = placed.has(section) ? placed.get(section) : section
    if (!next) {
      keepLines(remainsOf(section))
      change('removed', section)
      continue
    }
    sections.push(next)
    if (formatSection(next) !== formatSection(section)) change('changed', next)
  }
  for (const section of added) {
    sections.push(section)
    change('added', section)
  }
  return { file: separated({ ...before, preamble, sections }, before.sections[0]?.name), changes }
}

/** What somebody wrote above and below a section of ours; the blank line that came with it goes with it. */
function remainsOf(section: Section): readonly string[] {
  const above = section.lead.filter((line) => !isMarker(line))
  const below = section.body.slice(endOfKeys(section))
  return [...above.filter((line) => !isBlank(line)), ...below]
}

/** Every line but the last of the file has a line end, and what comes to stand first loses the blank line above it. */
function separated(file: ConfigFile, firstBefore: string | undefined): ConfigFile {
  const isNewFirst = file.preamble.length === 0 && file.sections[0]?.name !== firstBefore
  const ended = (lines: readonly string[], isLast: boolean): readonly string[] =>
    lines.map((line, index) => (isEnded(line) || (isLast && index === lines.length - 1) ? line : line + file.lineEnd))
  const sections = file.sections.map((section, index) => {
    const isLast = index === file.sections.length - 1
    const lead = index === 0 && isNewFirst ? section.lead.filter((line) => !isBlank(line)) : section.lead
    const isBare = section.body.length === 0
    return {
      ...section,
      lead,
      header: ended([section.header], isLast && isBare)[0] ?? section.header,
      body: ended(section.body, isLast),
    }
  })
  return { ...file, preamble: ended(file.preamble, sections.length === 0), sections }
}
