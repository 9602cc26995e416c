import {
  assignmentKey,
  assignmentOperationKey,
  type AwsPrincipal,
  awsPrincipalKey,
  grantOfKey,
  type UserLink,
} from '@gatehouse/domain'
import { answer, type Draft } from './adoption-draft.ts'

export function adoptAssignmentsOf(draft: Draft, link: UserLink): void {
  const { view, mirror, shadow, now } = draft
  const organization = view.organization.id
  const principal: AwsPrincipal = { type: 'USER', id: link.awsUser }
  const held = mirror.observed.assignments.get(awsPrincipalKey(principal))
  if (!held || link.userDeleted) return
  const follows = shadow || !link.assignmentsAdopted
  const wanted = draft.desired.users.get(link.user)?.assignments
  const isAdopted = new Set(view.adoptedByUser.get(link.user)?.map(({ grant }) => grant))
  for (const grant of held) {
    const { account, permissionSet } = grantOfKey(grant)
    const isKnown = mirror.catalogue.accounts.has(account) && mirror.catalogue.permissionSets.has(permissionSet)
    const isNewAccount = !mirror.adoptedAccounts.has(account)
    const key = assignmentOperationKey('delete-assignment', `user:${link.user}`, grant)
    const isFollowed = draft.followed.has(key)
    if (!isKnown) answer(draft, key, 'its account or permission set is not managed')
    const adopts =
      follows || isFollowed || isNewAccount || view.organization.driftPolicy['assignment-added'] === 'adopt'
    const isRemembered = draft.memory.assignments.has(assignmentKey(principal, grant))
    if (!isKnown || !adopts || isRemembered || wanted?.has(grant) || isAdopted.has(grant)) continue
    answer(draft, key)
    draft.summary.assignments++
    const keptBy = draft.followed.get(key)
    const adopted = { organization, user: link.user, grant, adoptedAt: now }
    draft.records.push({ put: 'adopted', adopted: keptBy === undefined ? adopted : { ...adopted, keptBy } })
  }
  if (!link.assignmentsAdopted)
    draft.records.push({ put: 'user-link', link: { ...link, organization, assignmentsAdopted: true } })
  if (!shadow && view.organization.driftPolicy['assignment-removed'] !== 'adopt') return
  for (const grant of isAdopted) {
    if (held.has(grant) || !draft.lost.has(assignmentKey(principal, grant))) continue
    draft.removals.push(() => draft.records.push({ delete: 'adopted', organization, user: link.user, grant }))
  }
}
