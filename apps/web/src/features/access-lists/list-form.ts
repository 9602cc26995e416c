import type { Document } from '@gatehouse/api'

/** What the editor changes of a list; everything else of its document stays as it is. */
export interface ListForm {
  readonly title: string
  readonly description: string
  readonly ownerUsers: readonly string[]
  readonly grants: readonly string[]
  readonly ownerGrants: readonly string[]
  readonly frequency: string
  readonly day: string
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

export const EMPTY_LIST: Document = {
  kind: 'access_list',
  version: 'v1',
  metadata: { name: '' },
  spec: { title: '', owners: [], grants: {}, audit: { recurrence: { frequency: '6 months', day_of_month: '1' } } },
}

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
const textsOf = (value: unknown): readonly string[] => itemsOf(value).map(textOf)
const isList = (owner: unknown): boolean => fieldsOf(owner)['membership_kind'] === 'MEMBERSHIP_KIND_LIST'

export function formOf({ metadata, spec = {} }: Document): ListForm {
  const recurrence = fieldsOf(fieldsOf(spec['audit'])['recurrence'])
  return {
    title: textOf(spec['title']),
    description: textOf(spec['description']),
    ownerUsers: itemsOf(spec['owners'])
      .filter((owner) => !isList(owner))
      .map((owner) => textOf(fieldsOf(owner)['name'])),
    grants: textsOf(fieldsOf(spec['grants'])['roles']),
    ownerGrants: textsOf(fieldsOf(spec['owner_grants'])['roles']),
    frequency: textOf(recurrence['frequency']),
    day: textOf(recurrence['day_of_month']),
    revision: textOf(metadata['revision']),
  }
}

/** Lists may own a list as well; the editor leaves them as they are. */
export const listsThatOwn = ({ spec = {} }: Document): readonly unknown[] => itemsOf(spec['owners']).filter(isList)

/** What the browser kept is ours, unless somebody changed it there or it is of another version. */
export function parseListForm(kept: unknown): ListForm | undefined {
  const fields = fieldsOf(kept)
  const texts = ['title', 'description', 'frequency', 'day', 'revision'] as const
  const lists = ['ownerUsers', 'grants', 'ownerGrants'] as const
  if (texts.some((key) => typeof fields[key] !== 'string')) return undefined
  if (lists.some((key) => !Array.isArray(fields[key]))) return undefined
  return {
    title: textOf(fields['title']),
    description: textOf(fields['description']),
    frequency: textOf(fields['frequency']),
    day: textOf(fields['day']),
    revision: textOf(fields['revision']),
    ownerUsers: textsOf(fields['ownerUsers']),
    grants: textsOf(fields['grants']),
    ownerGrants: textsOf(fields['ownerGrants']),
  }
}

/** The document with the form's fields in it. */
export function documentOf(form: ListForm, { metadata, spec = {}, ...rest }: Document): Document {
  const { status: _, ...document } = rest
  const owners = itemsOf(spec['owners'])
  const known = new Map(owners.map((owner) => [textOf(fieldsOf(owner)['name']), owner]))
  const audit = fieldsOf(spec['audit'])
  return {
    ...document,
    metadata: {
      ...metadata,
      name: metadata.name === '' ? nameFor(form.title) : metadata.name,
      ...(form.revision === '' ? {} : { revision: form.revision }),
    },
    spec: {
      ...spec,
      title: form.title.trim(),
      description: form.description,
      owners: [...form.ownerUsers.map((name) => known.get(name) ?? { name }), ...owners.filter(isList)],
      grants: { ...fieldsOf(spec['grants']), roles: [...form.grants] },
      owner_grants: { ...fieldsOf(spec['owner_grants']), roles: [...form.ownerGrants] },
      audit: {
        ...audit,
        recurrence: { ...fieldsOf(audit['recurrence']), frequency: form.frequency, day_of_month: form.day },
      },
    },
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
