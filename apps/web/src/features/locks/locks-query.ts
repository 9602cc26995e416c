import type { Document } from '@gatehouse/api'
import { client } from '../../app/client.ts'
import { pagesOf } from '../../components/pages.ts'

export const locksQuery = pagesOf(['locks'], (cursor, signal) =>
  client.listDocuments({ params: { kind: 'lock' }, query: { limit: 200, cursor } }, signal),
)

export interface LockView {
  readonly id: string
  readonly kind: 'user' | 'role' | 'access_request'
  readonly target: string
  readonly message: string
  readonly expires: string | undefined
}

const KINDS = ['user', 'role', 'access_request'] as const
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

export function lockOf({ metadata, spec = {} }: Document): LockView {
  const target = typeof spec['target'] === 'object' && spec['target'] !== null ? { ...spec['target'] } : {}
  const fields: Readonly<Record<string, unknown>> = target
  const kind = KINDS.find((known) => known in fields) ?? 'user'
  return {
    id: metadata.name,
    kind,
    target: textOf(fields[kind]),
    message: textOf(spec['message']),
    expires: textOf(spec['expires']) || undefined,
  }
}

export const KIND_WORDS = { user: 'user', role: 'role', access_request: 'request' } as const
