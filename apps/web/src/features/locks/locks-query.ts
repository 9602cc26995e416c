import type { Document } from '@gatehouse/api'
import { queryOptions } from '@tanstack/react-query'
import { client, queryClient } from '../../app/client.ts'
import { pagesOf } from '../../components/pages.ts'
import { sayName } from '../../components/say-name.ts'

export const locksQuery = pagesOf(['locks'], (cursor, signal) =>
  client.listDocuments({ params: { kind: 'lock' }, query: { limit: 200, cursor } }, signal),
)

export const lockQuery = (id: string) =>
  queryOptions({
    queryKey: ['locks', 'one', id],
    queryFn: ({ signal }) => client.getDocument({ params: { kind: 'lock', name: id } }, signal),
  })

export interface LockView {
  readonly id: string
  readonly kind: 'user' | 'role' | 'access_request'
  readonly target: string
  readonly message: string
  readonly expires: string | undefined
  readonly createdBy: string
  readonly createdAt: string
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
    createdBy: textOf(spec['created_by']),
    createdAt: textOf(spec['created_at']),
  }
}

export const KIND_WORDS = { user: 'user', role: 'role', access_request: 'request' } as const

export const hasEnded = ({ expires }: Pick<LockView, 'expires'>): boolean =>
  expires !== undefined && Date.parse(expires) <= Date.now()

/** `the user ana@acme.example` without the article. */
export const sayLocked = ({ kind, target }: LockView): string => `${KIND_WORDS[kind]} ${sayName(target)}`

export function readLocksAgain(): void {
  for (const key of ['locks', 'user', 'users']) void queryClient.invalidateQueries({ queryKey: [key] })
}
