import { PERSON_LABEL } from '../access-requests/reviewers.ts'
import type { ApprovalRule, RuleAuthor } from '../approval-rules/approval-rule.ts'
import type { AccessListId } from '../kernel/names.ts'
import type { Threshold } from '../roles/role.ts'
import type { ApprovalRuleDocument, NamedThreshold, ParsedDocument } from './document.ts'
import type { User } from '../users/user.ts'
import type { Drafts } from './drafts.ts'
import { type Lookup, place } from './lookup.ts'

/** Who writes it is among its authors from then on. */
export function applyApprovalRule(document: ApprovalRuleDocument, parsed: ParsedDocument, drafts: Drafts): void {
  const before = drafts.approvalRules.get(document.name.toLowerCase())
  drafts.refuseExisting('approval rule', document.name, before !== undefined)
  drafts.refuseOtherSpelling('approval rule', document.name, before)
  const content = approvalRuleOf(document, parsed, drafts.lookup)
  const former = before?.authors ?? []
  const settled = drafts.settle('approval_rule', document.name, before, { ...content, authors: former })
  const { user } = drafts.input.by
  const authors = user ? [...former.filter((author) => author.user !== user.id), authorOf(user)] : former
  drafts.approvalRules.set(document.name.toLowerCase(), settled === before ? settled : { ...settled, authors })
}

function authorOf({ id, labels }: User): RuleAuthor {
  const person = labels[PERSON_LABEL]
  return { user: id, ...(person === undefined ? {} : { person }) }
}

/** What a document says of a rule, the users and lists that it names looked up. */
function approvalRuleOf(
  document: ApprovalRuleDocument,
  parsed: ParsedDocument,
  lookup: Lookup,
): Omit<ApprovalRule, 'revision' | 'authors'> {
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
