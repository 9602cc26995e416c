/**
 * What is known of a request when its policies are evaluated: condition keys and their values. A key with no values is
 * one that AWS knows and this request lacks; a key that is not there is one the sandbox does not know, and no Allow is
 * ever satisfied by a condition on it.
 */
export interface RequestContext {
  /** @returns the values of a key, whatever its case; `undefined` for a key that the sandbox does not know. */
  get(key: string): readonly string[] | undefined
}

export function createRequestContext(
  values: Readonly<Record<string, string | readonly string[] | undefined>>,
): RequestContext {
  const known = new Map(Object.entries(values).map(([key, value]) => [key.toLowerCase(), toList(value)]))
  return { get: (key) => known.get(key.toLowerCase()) }
}

/** The first context, and the second for the keys that the first does not know. */
export function joinContexts(first: RequestContext, second: RequestContext): RequestContext {
  return { get: (key) => first.get(key) ?? second.get(key) }
}

function toList(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}
