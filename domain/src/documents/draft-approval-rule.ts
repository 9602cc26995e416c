import type { ApprovalRule } from '../approval-rules/approval-rule.ts'
import type { AccessListId } from '../kernel/names.ts'
import type { Threshold } from '../roles/role.ts'
import type { ApprovalRuleDocument, NamedThreshold, ParsedDocument } from './document.ts'
import { type Lookup, place } from './lookup.ts'

/** What a document says of a rule, the users and lists that it names looked up. */
export function approvalRuleOf(
  document: ApprovalRuleDocument,
  parsed: ParsedDocument,
  lookup: Lookup,
): Omit<ApprovalRule, 'revision' | 'changedBy'> {
  const { name, description, labels, when, effect } = document
  const listsOf = (names: readonly string[], path: string): readonly AccessListId[] =>
    names.map((name) => lookup.listId(name, place(parsed, path)))
  const thresholdOf = ({ reviewers, ...threshold }: NamedThreshold, index: number): Threshold => {
    if (!reviewers) return threshold
    const path = `spec.thresholds[${index}].reviewers`
    const users = reviewers.users.map((name) => lookup.userId(name, place(parsed, `${path}.users`)))
    return { ...threshold, reviewers: { users, lists: listsOf(reviewers.lists, `${path}.lists`) } }
  }
  return {
    name,
    description,
    labels,
    when: { ...when, requesterLists: listsOf(when.requesterLists, 'spec.when.requester_lists') },
    effect: effect.kind === 'thresholds' ? { ...effect, thresholds: effect.thresholds.map(thresholdOf) } : effect,
  }
}
