export const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []

type Traits = Readonly<Record<string, readonly string[]>>

const traitsOf = (value: unknown): Traits =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([trait, values]) => [trait, textsOf(values)]))
    : {}

/** `team = web`, one value on each line; `undefined` where a name or a value can't be written so. */
export function formatTraits(value: unknown): string | undefined {
  const traits = traitsOf(value)
  const text = Object.entries(traits)
    .flatMap(([trait, values]) => (values.length === 0 ? [`${trait} =`] : values.map((one) => `${trait} = ${one}`)))
    .join('\n')
  const again = parseTraits(text).traits
  return JSON.stringify(again) === JSON.stringify(traits) ? text : undefined
}

/** The inverse; of a line that is none, what is wrong with it. */
export function parseTraits(text: string): { readonly traits?: Traits; readonly wrong?: string } {
  const traits = new Map<string, string[]>()
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const at = line.indexOf('=')
    if (at <= 0) return { wrong: `Line ${index + 1} is not a name, "=" and a value.` }
    const [name, value] = [line.slice(0, at).trim(), line.slice(at + 1).trim()]
    traits.set(name, [...(traits.get(name) ?? []), ...(value === '' ? [] : [value])])
  }
  return { traits: Object.fromEntries(traits) }
}
