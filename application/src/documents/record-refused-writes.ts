import {
  type AccessListId,
  auditEvent,
  type AuditEvent,
  type Document,
  DomainError,
  type Instant,
  type RuleKind,
  type Subject,
  VERBS,
} from '@gatehouse/domain'
import { type Acting, type Actor, actingAs, may } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView, type Reading } from '../governance/read-view.ts'
import { accessToList } from '../governance/visibility.ts'

/** One write that was refused, of a kind whose refusals are recorded. */
export interface RefusedWrite {
  readonly kind: Extract<Document['kind'], 'access_list' | 'access_list_member' | 'role' | 'saml_idp_service_provider'>
  /** A list's id for lists and members. */
  readonly name: string
  readonly verb: 'create' | 'update' | 'delete'
  readonly error: string
  readonly entityId?: string
}

/**
 * Does the work. What of it is refused to a person who sees the record, or may do anything with its kind, is recorded
 * before he reads it; others are told nothing that the log could not do without.
 */
export async function recordingRefusedWrites<Result>(
  ports: ReadPorts,
  attempt: {
    readonly actor: Actor
    readonly refused: (by: Acting, reading: Reading, error: DomainError) => readonly RefusedWrite[]
  },
  work: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const isRefusal = error instanceof DomainError && ['refused', 'system-role'].includes(error.problem.code)
    if (isRefusal && attempt.actor.kind === 'user') {
      const events = await eventsOf(ports, attempt, error, signal)
      if (events.length > 0) await ports.store.commit({ events }, signal)
    }
    throw error
  }
}

async function eventsOf(
  ports: ReadPorts,
  attempt: Parameters<typeof recordingRefusedWrites>[1],
  error: DomainError,
  signal: AbortSignal,
): Promise<readonly AuditEvent[]> {
  const reading = await readView(ports, signal)
  // Who was locked or removed meanwhile is refused everything, and known to nobody.
  if (attempt.actor.kind !== 'user' || !reading.view.userById.has(attempt.actor.user)) return []
  const by = actingAs(attempt.actor, reading)
  return attempt
    .refused(by, reading, error)
    .filter((write) => isConcerned(by, write, reading))
    .map((write) => eventOf(write, by.name, reading))
}

function isConcerned(by: Acting, { kind, name }: RefusedWrite, reading: Reading): boolean {
  const ruleKind: RuleKind = kind === 'access_list_member' ? 'access_list' : kind
  const list = ruleKind === 'access_list' ? reading.view.listById.get(name as AccessListId) : undefined // known or not
  if (list && accessToList(list, by, reading)) return true
  return VERBS.some((verb) => may(by, verb, ruleKind, { name, labels: list?.labels ?? {} }))
}

function eventOf({ kind, name, verb, error, entityId }: RefusedWrite, by: string, { view, now }: Reading): AuditEvent {
  const shared = (...subjects: Subject[]): { time: Instant; user: string; subjects: Subject[]; success: false } => ({
    time: now,
    user: by,
    subjects,
    success: false,
  })
  switch (kind) {
    case 'role':
      return auditEvent(ROLE_EVENTS[verb], { ...shared(`role:${name}`), fields: { name, error } })
    case 'access_list':
    case 'access_list_member': {
      const title = view.listById.get(name as AccessListId)?.title ?? '' // known or not
      const failed = { access_list_title: title, updated_by: by, success: false, error }
      const details = shared(`list:${name}`)
      return kind === 'access_list'
        ? auditEvent(`access_list.${verb}`, { ...details, fields: { name, ...failed } })
        : auditEvent(`access_list.member.${verb}`, {
            ...details,
            fields: { access_list_name: name, members: [], ...failed },
          })
    }
    case 'saml_idp_service_provider': {
      const known = view.serviceProviders.find((provider) => provider.name === name)
      const provider = {
        name,
        service_provider_entity_id: known?.metadata.entityId ?? entityId ?? '',
        attribute_mapping: {},
        updated_by: by,
        error,
      }
      return auditEvent(`saml.idp.service.provider.${verb}`, {
        ...shared(`service-provider:${name}`),
        fields: provider,
      })
    }
  }
}

const ROLE_EVENTS = { create: 'role.created', update: 'role.updated', delete: 'role.deleted' } as const
