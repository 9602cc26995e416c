import type { Labels } from '../kernel/names.ts'
import { DomainError } from '../kernel/problems.ts'
import { type Fields, instantOrNever, labels, oneOf, openMap, text, textOr } from './fields.ts'
import { WRITTEN_ENVELOPE_KEYS, WRITTEN_METADATA_KEYS } from './role-keys.ts'
import { invalid, type Value } from './source.ts'

const ENVELOPE_KEYS = [...WRITTEN_ENVELOPE_KEYS, 'sub_kind', 'status'] as const
const METADATA_KEYS = [...WRITTEN_METADATA_KEYS, 'expires', 'revision', 'id'] as const
const MAX_DESCRIPTION = 1000

export interface Envelope {
  readonly envelope: Fields<(typeof ENVELOPE_KEYS)[number]>
  readonly metadata: Fields<(typeof METADATA_KEYS)[number]>
  readonly name: Value
  readonly description: string
  readonly labels: Labels
  readonly spec: Value
}

/** What all kinds share. `status` comes from reading a record and is not read back; `revision` is no part of what it says. */
export function openEnvelope(value: Value, versions: readonly string[]): Envelope {
  const envelope = openMap(value, ENVELOPE_KEYS)
  const version = envelope.find('version')
  if (version) oneOf(version, versions)
  const metadata = openMap(envelope.get('metadata'), METADATA_KEYS, { unused: new Set(['namespace']) })
  const expires = metadata.find('expires')
  if (expires && instantOrNever(expires) !== undefined)
    throw new DomainError({
      code: 'not-supported-yet',
      field: expires.path,
      line: expires.line,
      feature: 'a record that expires',
    })
  return {
    envelope,
    metadata,
    name: metadata.get('name'),
    description: textOr(metadata.find('description'), '', MAX_DESCRIPTION),
    labels: labels(metadata.find('labels')),
    spec: envelope.get('spec'),
  }
}

/** Letters and digits of ASCII, so that two names that look alike are alike. */
export function plainName(value: Value, what: string): string {
  const name = text(value, { max: 255 })
  if (!/^[A-Za-z0-9][\w.@:+=,-]*$/.test(name))
    throw invalid(
      value,
      `"${name.slice(0, 60)}" can not be the name of ${what}.`,
      'Use ASCII letters, digits and -_.@:+=, and begin with a letter or digit.',
    )
  return name
}
