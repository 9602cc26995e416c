import type { Document } from '@gatehouse/api'
import { required } from '../../components/complaints.ts'
import { minuteOf, ofMinute } from '../../components/days.ts'
import { formatTraits, parseTraits } from '../../components/traits.ts'
import { parseFormOf } from '../../components/parse-form.ts'

/** What the editor changes of a list; everything else of its document stays as it is. */
export interface ListForm {
  readonly title: string
  readonly description: string
  readonly type: string
  readonly ownerUsers: readonly string[]
  readonly ownerLists: readonly string[]
  /** What is written of each owner, under `ownerKey`. */
  readonly ownerDescriptions: Readonly<Record<string, string>>
  readonly grants: readonly string[]
  readonly ownerGrants: readonly string[]
  readonly frequency: string
  readonly day: string
  /** In the viewer's zone, as a field for date and time has it. */
  readonly nextReview: string
  readonly notice: string
  readonly membershipRoles: readonly string[]
  readonly ownershipRoles: readonly string[]
  /** Traits as `formatTraits` writes them. */
  readonly membershipTraits: string
  readonly ownershipTraits: string
  readonly grantTraits: string
  readonly ownerGrantTraits: string
  readonly reviewers: string
  readonly suspendAfter: string
  readonly escalateAfter: string
  readonly escalateUsers: readonly string[]
  readonly escalateLists: readonly string[]
  /** Of the list that was read when the typing began; empty for a new one. */
  readonly revision: string
}

export const FREQUENCIES = [
  { value: '1 month', label: 'every month' },
  { value: '3 months', label: 'every three months' },
  { value: '6 months', label: 'every six months' },
  { value: '1 year', label: 'every year' },
] as const
export const DAYS = [
  { value: '1', label: 'on the 1st' },
  { value: '15', label: 'on the 15th' },
  { value: 'last', label: 'on the last day' },
] as const
/** No list needs more. */
const MOST_REVIEWERS = 10
export const REVIEWERS = Array.from({ length: MOST_REVIEWERS }, (_, index) => String(index + 1))

export const EMPTY_LIST: Document = {
  kind: 'access_list',
  version: 'v1',
  metadata: { name: '' },
  spec: { title: '', owners: [], grants: {}, audit: { recurrence: { frequency: '6 months', day_of_month: '1' } } },
}

/** A list and a user may be called the same. */
export const ownerKey = (kind: 'user' | 'list', name: string): string => `${kind} ${name}`

export type Field = Exclude<keyof ListForm, 'revision'>

/** Where the fields stand in the document's `spec`. */
const PATHS = {
  title: 'title',
  description: 'description',
  type: 'type',
  ownerUsers: 'owners',
  ownerLists: 'owners',
  ownerDescriptions: 'owners',
  grants: 'grants.roles',
  grantTraits: 'grants.traits',
  ownerGrants: 'owner_grants.roles',
  ownerGrantTraits: 'owner_grants.traits',
  membershipRoles: 'membership_requires.roles',
  membershipTraits: 'membership_requires.traits',
  ownershipRoles: 'ownership_requires.roles',
  ownershipTraits: 'ownership_requires.traits',
  frequency: 'audit.recurrence.frequency',
  day: 'audit.recurrence.day_of_month',
  nextReview: 'audit.next_audit_date',
  notice: 'audit.notifications.start',
  reviewers: 'audit.required_reviewers',
  suspendAfter: 'audit.suspend_after',
  escalateAfter: 'audit.escalate_after',
  escalateUsers: 'audit.escalate_to',
  escalateLists: 'audit.escalate_to',
} as const satisfies Record<Field, string>
const FIELDS = Object.keys(PATHS) as Field[] // the keys of the object above

type Fields = Readonly<Record<string, unknown>>
const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)
const fieldsOf = (value: unknown): Fields => (isMap(value) ? { ...value } : {})
const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
const textsOf = (value: unknown): readonly string[] => itemsOf(value).map(textOf)
const nameOf = (entry: unknown): string => textOf(fieldsOf(entry)['name'])
const LIST = 'MEMBERSHIP_KIND_LIST'
const isList = (entry: unknown): boolean => fieldsOf(entry)['membership_kind'] === LIST
const keyOf = (entry: unknown): string => ownerKey(isList(entry) ? 'list' : 'user', nameOf(entry))

const foundAt = ({ spec = {} }: Document, field: Field): unknown =>
  PATHS[field].split('.').reduce<unknown>((value, key) => fieldsOf(value)[key], spec)

export function formOf(document: Document): ListForm {
  const text = (field: Field): string => textOf(foundAt(document, field))
  const texts = (field: Field): readonly string[] => textsOf(foundAt(document, field))
  const traits = (field: Field): string => formatTraits(foundAt(document, field)) ?? ''
  const users = (field: Field): readonly string[] =>
    itemsOf(foundAt(document, field))
      .filter((entry) => !isList(entry))
      .map(nameOf)
  const lists = (field: Field): readonly string[] => itemsOf(foundAt(document, field)).filter(isList).map(nameOf)
  return {
    title: text('title'),
    description: text('description'),
    type: text('type'),
    ownerUsers: users('ownerUsers'),
    ownerLists: lists('ownerLists'),
    ownerDescriptions: Object.fromEntries(
      itemsOf(foundAt(document, 'ownerDescriptions'))
        .map((entry) => [keyOf(entry), textOf(fieldsOf(entry)['description'])] as const)
        .filter(([, says]) => says !== ''),
    ),
    grants: texts('grants'),
    grantTraits: traits('grantTraits'),
    ownerGrants: texts('ownerGrants'),
    ownerGrantTraits: traits('ownerGrantTraits'),
    membershipRoles: texts('membershipRoles'),
    membershipTraits: traits('membershipTraits'),
    ownershipRoles: texts('ownershipRoles'),
    ownershipTraits: traits('ownershipTraits'),
    frequency: text('frequency'),
    day: text('day'),
    nextReview: text('nextReview') === '' ? '' : minuteOf(text('nextReview')),
    notice: text('notice'),
    reviewers: text('reviewers') || '1',
    suspendAfter: text('suspendAfter'),
    escalateAfter: text('escalateAfter'),
    escalateUsers: users('escalateUsers'),
    escalateLists: lists('escalateLists'),
    revision: textOf(document.metadata['revision']),
  }
}

export type TraitField = 'membershipTraits' | 'ownershipTraits' | 'grantTraits' | 'ownerGrantTraits'

/** Whether the document says something of it, even what no field can show; owners are there without a word on them. */
export const isSaid = (document: Document, field: Field): boolean =>
  field !== 'ownerDescriptions' && foundAt(document, field) !== undefined

/** Traits may hold what does not fit in lines; then they stay as they are. */
export const canWriteTraits = (document: Document, field: TraitField): boolean =>
  formatTraits(foundAt(document, field)) !== undefined

/** What the browser kept is ours, unless somebody changed it there. */
export const parseListForm =
  (start: ListForm) =>
  (kept: unknown): ListForm | undefined => {
    const isOne = ['title', 'revision'].every((key) => typeof fieldsOf(kept)[key] === 'string')
    return isOne ? parseFormOf(start)(kept) : undefined
  }

/** The document with what the form changes in it. */
export function documentOf(form: ListForm, original: Document): Document {
  const { status: _, metadata, spec, ...document } = original
  const had = formOf(original)
  const values = valuesOf(form, original)
  const changed = FIELDS.filter((field) => JSON.stringify(form[field]) !== JSON.stringify(had[field]))
  return {
    ...document,
    metadata: {
      ...metadata,
      name: metadata.name === '' ? nameFor(form.title) : metadata.name,
      ...(form.revision === '' ? {} : { revision: form.revision }),
    },
    spec: changed.reduce((before, field) => put(before, PATHS[field].split('.'), values[field]), spec ?? {}),
  }
}

/** What the document holds of each field. */
function valuesOf(form: ListForm, original: Document): Readonly<Record<Field, unknown>> {
  const owners = entriesOf(form.ownerUsers, form.ownerLists, foundAt(original, 'ownerUsers')).map((entry) =>
    put(fieldsOf(entry), ['description'], form.ownerDescriptions[keyOf(entry)]?.trim()),
  )
  const escalateTo = entriesOf(form.escalateUsers, form.escalateLists, foundAt(original, 'escalateUsers'))
  const traits = (field: TraitField): unknown => parseTraits(form[field]).traits
  return {
    ...form,
    title: form.title.trim(),
    ownerUsers: owners,
    ownerLists: owners,
    ownerDescriptions: owners,
    nextReview: ofMinute(form.nextReview),
    notice: form.notice.trim(),
    membershipTraits: traits('membershipTraits'),
    ownershipTraits: traits('ownershipTraits'),
    grantTraits: traits('grantTraits'),
    ownerGrantTraits: traits('ownerGrantTraits'),
    reviewers: Number(form.reviewers),
    suspendAfter: form.suspendAfter.trim(),
    escalateAfter: form.escalateAfter.trim(),
    escalateUsers: escalateTo,
    escalateLists: escalateTo,
  }
}

/** Who was there stays where and as he was; who is new comes after them. */
function entriesOf(users: readonly string[], lists: readonly string[], before: unknown): readonly unknown[] {
  const wanted = [...users.map((name) => ({ name })), ...lists.map((name) => ({ name, membership_kind: LIST }))]
  const isSame = (one: unknown) => (other: unknown) => isList(one) === isList(other) && nameOf(one) === nameOf(other)
  const kept = itemsOf(before).filter((entry) => wanted.some(isSame(entry)))
  return [...kept, ...wanted.filter((entry) => !kept.some(isSame(entry)))]
}

/** What is empty is left out, and so is what it leaves empty. */
function put(fields: Fields, [key = '', ...rest]: readonly string[], value: unknown): Record<string, unknown> {
  const { [key]: before, ...others } = fields
  const after = rest.length === 0 ? value : put(fieldsOf(before), rest, value)
  const isEmpty = after === undefined || ['""', '[]', '{}'].includes(JSON.stringify(after))
  return isEmpty ? others : { ...fields, [key]: after }
}

/** Where the server finds each field. */
export function listPlaces(form: ListForm, original: Document) {
  const { ownerUsers, escalateUsers } = valuesOf(form, original)
  const listsAt = (field: Field, entries: unknown): readonly string[] =>
    itemsOf(entries).flatMap((entry, index) => (isList(entry) ? [`spec.${PATHS[field]}[${index}]`] : []))
  const places = Object.fromEntries(FIELDS.map((field) => [field, `spec.${PATHS[field]}`]))
  return {
    ...(places as Record<Field, string>), // of all of them
    ownerLists: listsAt('ownerLists', ownerUsers),
    escalateLists: listsAt('escalateLists', escalateUsers),
  }
}

/** What is known to be wrong before the server is asked. */
export function wrongList(form: ListForm): { readonly [F in Field]?: string | undefined } {
  const { title, type, ownerUsers, ownerLists, escalateAfter, escalateUsers, escalateLists } = form
  const traits = (field: TraitField): string | undefined => parseTraits(form[field]).wrong
  const others = [...escalateUsers, ...escalateLists]
  return {
    title: required(title),
    // Nobody has to look after what is kept elsewhere.
    ownerUsers: type === '' ? required([...ownerUsers, ...ownerLists]) : undefined,
    membershipTraits: traits('membershipTraits'),
    ownershipTraits: traits('ownershipTraits'),
    grantTraits: traits('grantTraits'),
    ownerGrantTraits: traits('ownerGrantTraits'),
    // One without the other says nothing.
    escalateAfter: others.length === 0 ? undefined : required(escalateAfter),
    escalateUsers: escalateAfter.trim() === '' ? undefined : required(others),
  }
}

/** An address that people can read; what its title has no letters for gets some of its own. */
function nameFor(title: string): string {
  const words = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
  return words === '' ? `list-${Date.now().toString(36)}` : words
}
