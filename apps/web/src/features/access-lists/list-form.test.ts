import type { Document } from '@gatehouse/api'
import { describe, expect, it } from 'vitest'
import { EMPTY } from '../../components/complaints.ts'
import { minuteOf } from '../../components/days.ts'
import {
  canWriteTraits,
  documentOf,
  EMPTY_LIST,
  formOf,
  type ListForm,
  listPlaces,
  parseListForm,
  wrongList,
} from './list-form.ts'

const LIST = 'MEMBERSHIP_KIND_LIST'
const USER = 'MEMBERSHIP_KIND_USER'

/** With everything that a list can hold, and with what no form knows. */
const FULL: Document = {
  kind: 'access_list',
  version: 'v1',
  metadata: { name: 'web', revision: '7', labels: { team: 'web' } },
  spec: {
    type: 'scim',
    title: 'Web',
    description: 'Who answers',
    owners: [
      { name: 'leads', membership_kind: LIST, description: 'of web' },
      { name: 'ana', membership_kind: USER, description: 'since May' },
      { name: 'ops', membership_kind: LIST },
    ],
    membership_requires: { roles: ['employee'], traits: { team: ['web', 'ops'] } },
    ownership_requires: { roles: ['lead'], traits: { level: ['5'] } },
    grants: { roles: ['reader'], traits: { site: ['a'] } },
    owner_grants: { roles: ['reviewer'], traits: { site: ['b'] } },
    audit: {
      recurrence: { frequency: '3 months', day_of_month: 'last' },
      next_audit_date: '2027-01-01T00:00:00Z',
      notifications: { start: '30d' },
      suspend_after: '30d',
      required_reviewers: 2,
      escalate_after: '7d',
      escalate_to: [
        { name: 'security', membership_kind: LIST },
        { name: 'eva', membership_kind: USER },
      ],
    },
  },
}

const changed = (part: Partial<ListForm>, document = FULL): Document['spec'] =>
  documentOf({ ...formOf(document), ...part }, document).spec

describe('the form of a list', () => {
  it('writes back the very document that it read, but for its status', () => {
    expect(documentOf(formOf(FULL), { ...FULL, status: { members: 3 } })).toEqual(FULL)
    const short = { ...FULL, spec: { title: 'Web', owners: [{ name: 'ana' }], audit: {}, other: { kept: [1] } } }
    expect(documentOf(formOf(short), short)).toEqual(short)
    const unwritten = { ...FULL, spec: { ...FULL.spec, grants: { traits: { note: ['two\nlines'] } } } }
    expect(canWriteTraits(unwritten, 'grantTraits')).toBe(false)
    expect(documentOf(formOf(unwritten), unwritten)).toEqual(unwritten)
  })

  it('puts each field into its place and leaves everything else as it was', () => {
    const { spec } = FULL
    const audit = (part: object) => ({ ...spec, audit: { ...(spec?.['audit'] as object), ...part } }) // it is a map
    const cases: readonly (readonly [Partial<ListForm>, unknown])[] = [
      [{ title: ' Site ' }, { ...spec, title: 'Site' }],
      [
        { membershipRoles: ['a', 'b'] },
        { ...spec, membership_requires: { roles: ['a', 'b'], traits: { team: ['web', 'ops'] } } },
      ],
      [
        { membershipTraits: 'team = web\nteam = dev\nsite=x' },
        { ...spec, membership_requires: { roles: ['employee'], traits: { team: ['web', 'dev'], site: ['x'] } } },
      ],
      [{ ownershipRoles: [] }, { ...spec, ownership_requires: { traits: { level: ['5'] } } }],
      [
        { ownershipTraits: 'level = 6' },
        { ...spec, ownership_requires: { roles: ['lead'], traits: { level: ['6'] } } },
      ],
      [{ grants: ['editor'] }, { ...spec, grants: { roles: ['editor'], traits: { site: ['a'] } } }],
      [{ grantTraits: 'site = c' }, { ...spec, grants: { roles: ['reader'], traits: { site: ['c'] } } }],
      [{ ownerGrantTraits: '' }, { ...spec, owner_grants: { roles: ['reviewer'] } }],
      [{ day: '15' }, audit({ recurrence: { frequency: '3 months', day_of_month: '15' } })],
      [{ reviewers: '3' }, audit({ required_reviewers: 3 })],
      [{ suspendAfter: ' 14d ' }, audit({ suspend_after: '14d' })],
      [{ escalateAfter: '72h' }, audit({ escalate_after: '72h' })],
      [{ nextReview: minuteOf('2027-06-01T08:30:00Z') }, audit({ next_audit_date: '2027-06-01T08:30:00.000Z' })],
      [{ notice: ' 7d ' }, audit({ notifications: { start: '7d' } })],
      [{ type: 'static' }, { ...spec, type: 'static' }],
    ]
    for (const [part, expected] of cases) expect(changed(part), JSON.stringify(part)).toEqual(expected)
  })

  it('leaves out what is emptied', () => {
    const spec = changed({
      membershipRoles: [],
      membershipTraits: '',
      suspendAfter: '',
      escalateAfter: '',
      escalateUsers: [],
      escalateLists: [],
      nextReview: '',
      notice: '',
      type: '',
    })
    expect(spec).not.toHaveProperty('membership_requires')
    expect(spec).not.toHaveProperty('type')
    expect(Object.keys(spec?.['audit'] ?? {})).toEqual(['recurrence', 'required_reviewers'])
  })

  it('says of an owner what is written of him, and nothing of whoever is no owner any more', () => {
    const { ownerDescriptions } = formOf(FULL)
    expect(ownerDescriptions).toEqual({ 'list leads': 'of web', 'user ana': 'since May' })
    const owners = (part: Partial<ListForm>) => changed(part)?.['owners']
    expect(
      owners({ ownerDescriptions: { 'user ana': ' since June ', 'list ops': 'at night', 'user eva': 'gone' } }),
    ).toEqual([
      { name: 'leads', membership_kind: LIST },
      { name: 'ana', membership_kind: USER, description: 'since June' },
      { name: 'ops', membership_kind: LIST, description: 'at night' },
    ])
    expect(
      owners({ ownerUsers: ['eva'], ownerLists: [], ownerDescriptions: { ...ownerDescriptions, 'user eva': 'lead' } }),
    ).toEqual([{ name: 'eva', description: 'lead' }])
  })

  it('keeps owners where and as they were, and tells a list from a user of the same name', () => {
    expect(changed({ ownerUsers: ['ana', 'leads'], ownerLists: ['leads', 'web'] })?.['owners']).toEqual([
      { name: 'leads', membership_kind: LIST, description: 'of web' },
      { name: 'ana', membership_kind: USER, description: 'since May' },
      { name: 'leads' },
      { name: 'web', membership_kind: LIST },
    ])
    expect(changed({ escalateUsers: ['ana'], escalateLists: [] })?.['audit']).toMatchObject({
      escalate_to: [{ name: 'ana' }],
    })
  })

  it('makes a document of a new list with nothing in it that was not filled in', () => {
    const form = { ...formOf(EMPTY_LIST), title: 'On call', ownerLists: ['leads'], reviewers: '2' }
    const recurrence = { frequency: '6 months', day_of_month: '1' }
    expect(documentOf(form, EMPTY_LIST)).toEqual({
      kind: 'access_list',
      version: 'v1',
      metadata: { name: 'on-call' },
      spec: {
        title: 'On call',
        owners: [{ name: 'leads', membership_kind: LIST }],
        grants: {},
        audit: { recurrence, required_reviewers: 2 },
      },
    })
  })

  it('knows which field each owner and each of the others stands in', () => {
    expect(listPlaces(formOf(FULL), FULL)).toMatchObject({
      ownerUsers: 'spec.owners',
      ownerLists: ['spec.owners[0]', 'spec.owners[2]'],
      escalateLists: ['spec.audit.escalate_to[0]'],
      membershipRoles: 'spec.membership_requires.roles',
      reviewers: 'spec.audit.required_reviewers',
    })
  })

  it('is wrong without an owner, with traits that can’t be read, and with half an escalation', () => {
    const wrong = (part: Partial<ListForm>) =>
      Object.entries(wrongList({ ...formOf(FULL), ...part })).filter(([, says]) => says !== undefined)
    expect(wrong({})).toEqual([])
    expect(wrong({ ownerUsers: [] })).toEqual([])
    expect(wrong({ ownerUsers: [], ownerLists: [], type: '' })).toEqual([['ownerUsers', EMPTY]])
    // Nobody has to look after what is kept elsewhere.
    expect(wrong({ ownerUsers: [], ownerLists: [] })).toEqual([])
    expect(wrong({ grantTraits: 'web' })).toEqual([['grantTraits', 'Line 1 is not a name, "=" and a value.']])
    expect(wrong({ escalateAfter: ' ' })).toEqual([['escalateAfter', EMPTY]])
    expect(wrong({ escalateUsers: [], escalateLists: [] })).toEqual([['escalateUsers', EMPTY]])
  })

  it('reads back what was kept, also before it had all of its fields', () => {
    const start = formOf(FULL)
    const kept = { ...start, title: 'Mine', membershipRoles: ['x'] }
    expect(parseListForm(start)(JSON.parse(JSON.stringify(kept)))).toEqual(kept)
    const { title, description, ownerUsers, grants, ownerGrants, frequency, day, revision } = kept
    const earlier = { title, description, ownerUsers, grants, ownerGrants, frequency, day, revision }
    expect(parseListForm(start)(earlier)).toEqual({ ...start, title: 'Mine' })
    expect(parseListForm(start)({ ...kept, reviewers: 3, ownerLists: 'x', ownerDescriptions: ['x'] })).toEqual({
      ...kept,
    })
    expect(parseListForm(start)({ ...kept, ownerDescriptions: { 'user ana': 'x', 'user eva': 1 } })).toEqual({
      ...kept,
      ownerDescriptions: { 'user ana': 'x' },
    })
    for (const none of [null, 'x', [], {}, { title: 1, revision: '7' }])
      expect(parseListForm(start)(none)).toBeUndefined()
  })
})
