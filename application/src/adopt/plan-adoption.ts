import {
  type AccessListId,
  type AdoptedAssignment,
  auditEvent,
  type AuditEvent,
  budgetFor,
  grantOfKey,
  type PlanNote,
  type Subject,
  type View,
} from '@gatehouse/domain'
import type { RecordChange } from '../ports/store.ts'
import { adoptAssignmentsOf } from './adopt-direct-assignments.ts'
import { adoptGroups } from './adopt-groups.ts'
import { adoptIntoList } from './adopt-into-list.ts'
import { ADOPT_REMOVALS, type Adoption, type AdoptionInput, createDraft, type Draft } from './adoption-draft.ts'
import { knowLinkedMembers, linkUsersByName } from './link-users.ts'

/**
 * In shadow mode AWS leads: groups become lists, users of the same name are linked, and whatever changed there in
 * adopted objects is taken over. Afterwards only what newly becomes managed is adopted, and what drift policy says.
 * Repeated until it has nothing to say: a link made in one pass lets the next one adopt what the linked user holds.
 */
export function planAdoption(input: AdoptionInput): Adoption {
  const draft = createDraft(input)
  linkUsersByName(draft)
  knowLinkedMembers(draft)
  adoptGroups(draft)
  for (const link of input.view.groupLinks) adoptIntoList(draft, link)
  for (const link of input.view.userLinks) adoptAssignmentsOf(draft, link)
  followRemovals(draft)
  for (const list of draft.lists.values()) draft.records.push({ put: 'list', list })
  if (draft.records.length === 0) {
    for (const id of input.mirror.catalogue.accounts.keys()) {
      if (!input.mirror.adoptedAccounts.has(id)) draft.mirrorChanges.push({ put: 'adopted-account', id })
    }
  }
  return {
    records: draft.records,
    mirror: draft.mirrorChanges,
    events: eventsOf(draft),
    notes: draft.notes,
    notFollowed: notFollowed(draft),
  }
}

const NOT_AS_IT_WAS = 'AWS no longer shows it as it was looked at, or something else was decided here in the meantime'

function notFollowed({ followed, answers }: Draft): PlanNote[] {
  return [...followed.keys()].flatMap((key): PlanNote[] => {
    const why = answers.has(key) ? answers.get(key) : NOT_AS_IT_WAS
    if (why === undefined) return []
    return [{ kind: 'not-followed', about: key, message: `The records did not follow what was found in AWS: ${why}.` }]
  })
}

/** A few are followed; many at once wait for somebody to look, because a bad read looks just like it. */
function followRemovals(draft: Draft): void {
  const { removals, view, mirror, now } = draft
  const members = [...mirror.observed.groups.values()].reduce((sum, group) => sum + group.members.size, 0)
  const limit = budgetFor(view.organization.removalBudget, members)
  const id = ADOPT_REMOVALS
  if (removals.length <= Math.max(limit, draft.removalsBelieved)) {
    for (const remove of removals) remove()
    if (mirror.findings.has(id)) draft.mirrorChanges.push({ delete: 'finding', id })
    return
  }
  const message = `${removals.length} members or assignments of adopted objects are gone in AWS; more than ${limit} at once are not followed until somebody releases them.`
  const known = mirror.findings.get(id)
  const amount = removals.length
  if (known?.message !== message || known.amount !== amount)
    draft.mirrorChanges.push({ put: 'finding', finding: { id, kind: 'member', message, foundAt: now, amount } })
}

/** One person by whose decision alone a list was changed. */
function deciderOf({ deciders }: Draft, list: AccessListId): string {
  const [one, ...others] = deciders.get(list) ?? []
  return others.length === 0 ? (one ?? 'system') : 'system'
}

function eventsOf(draft: Draft): AuditEvent[] {
  const { records, view, now, summary } = draft
  if (records.length === 0) return []
  const kept = keptOf(records)
  const lists = [...draft.lists.values()].map((list): AuditEvent => {
    const isNew = !view.listById.has(list.id)
    return auditEvent(isNew ? 'access_list.create' : 'access_list.update', {
      time: now,
      subjects: [`list:${list.id}`],
      fields: { name: list.id, access_list_title: list.title, updated_by: deciderOf(draft, list.id), success: true },
    })
  })
  const adopted = auditEvent('aws_identity_center.adopted', {
    time: now,
    subjects: [`organization:${view.organization.id}`, ...kept.map(({ user }): Subject => `user:${user}`)],
    fields: { ...summary, ...(kept.length > 0 ? { kept: kept.map((one) => presentKept(one, view)) } : {}) },
  })
  return [adopted, ...lists]
}

/** So many are named in one event. */
const MAX_NAMED = 100

/** Assignments of people that somebody let the records follow. */
const keptOf = (records: readonly RecordChange[]): readonly AdoptedAssignment[] =>
  records
    .flatMap((change) => ('put' in change && change.put === 'adopted' ? [change.adopted] : []))
    .filter(({ keptBy }) => keptBy !== undefined)
    .slice(0, MAX_NAMED)

function presentKept({ user, grant, keptBy }: AdoptedAssignment, { userById }: View): object {
  const { account, permissionSet } = grantOfKey(grant)
  return { user: userById.get(user)?.name, account_id: account, permission_set_arn: permissionSet, kept_by: keptBy }
}
