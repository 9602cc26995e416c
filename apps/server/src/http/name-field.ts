import { DomainError } from '@gatehouse/domain'

/**
 * Rules speak of values, not of where a caller put them. What a rule quotes from the body is found there again, so that
 * the problem names the field in the caller's own words.
 */
export function nameField(error: unknown, body: unknown): unknown {
  if (!(error instanceof DomainError)) return error
  const { problem } = error
  if (problem.code !== 'invalid-value' && problem.code !== 'not-found') return error
  const found = fieldsHolding(problem.code === 'invalid-value' ? problem.text : problem.name, body, 'body')
  // Several that are not there are named by what holds them all.
  const isSeveral = problem.code === 'not-found' && (problem.others ?? []).length > 0
  const [field, another] = new Set(isSeveral ? found.map((one) => one.replace(/\[\d+\]$/, '')) : found)
  // The same text twice: better no field than the wrong one.
  return field === undefined || another !== undefined ? error : new DomainError({ ...problem, field }, { cause: error })
}

function fieldsHolding(text: string, value: unknown, field: string): readonly string[] {
  if (value === text) return [field]
  if (Array.isArray(value)) return value.flatMap((item, index) => fieldsHolding(text, item, `${field}[${index}]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => fieldsHolding(text, inner, `${field}.${key}`))
}
