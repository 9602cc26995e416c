import type { ProblemCode } from '@gatehouse/api'

/** Every problem has one status; a new problem does not compile without one. */
export const HTTP_STATUS: Readonly<Record<ProblemCode, number>> = {
  'invalid-value': 400,
  'invalid-document': 400,
  'invalid-expression': 400,
  'unknown-field': 400,
  'not-supported-yet': 400,
  cycle: 400,
  'too-deep': 400,
  'not-signed-in': 401,
  'wrong-credentials': 401,
  refused: 403,
  'system-role': 403,
  'not-found': 404,
  'already-exists': 409,
  conflict: 409,
  'in-use': 409,
  'too-many-removals': 409,
  'plan-changed': 409,
  stale: 412,
  'too-large': 413,
  'too-many-attempts': 429,
  internal: 500,
  upstream: 502,
  unavailable: 503,
}
