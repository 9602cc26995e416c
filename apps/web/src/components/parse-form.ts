/**
 * Reads back what is kept of a form whose fields are texts, lists of texts, or texts by key. What it says nothing of is
 * as in the start: it may have been kept before the form had such a field.
 */
export const parseFormOf =
  <Form extends object>(start: Form) =>
  (kept: unknown): Form | undefined => {
    if (typeof kept !== 'object' || kept === null) return undefined
    const found = new Map(Object.entries(kept))
    const fields = Object.entries(start).map(([key, value]) => [key, like(value, found.get(key)) ?? value])
    return Object.fromEntries(fields) as Form // the fields of the start
  }

const isText = (value: unknown): value is string => typeof value === 'string'

function like(start: unknown, value: unknown): unknown {
  if (isText(start)) return isText(value) ? value : undefined
  if (Array.isArray(start)) return Array.isArray(value) ? value.filter(isText) : undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.fromEntries(Object.entries(value).filter(([, text]) => isText(text)))
}
