import type { DesiredUser } from '../desired-state/desired-for.ts'
import type { UserId } from '../kernel/names.ts'
import type { UserLink } from '../organizations/link.ts'
import type { UserProfile } from '../users/user.ts'
import type { ObservedUser } from './observed-state.ts'
import type { Operation } from './operation.ts'
import { mayHoldAssignments, type Planner } from './planner.ts'

export function planUserOf(planner: Planner, id: UserId): void {
  const { view, desired } = planner
  const wanted = desired.users.get(id)
  if (wanted && !view.organization.hybrid) planUser(planner, wanted)
  const link = view.userLinkByUser.get(id)
  if (link?.userDeleted) planDeletedUser(planner, link)
}

function planUser(planner: Planner, wanted: DesiredUser): void {
  const { view, observed, operations, notes, userNames } = planner
  const { user, profile } = wanted
  const link = view.userLinkByUser.get(user)
  const present = link && observed.users.get(link.awsUser)
  if (link && present) {
    const changes = planner.uncertain.has(`user ${link.awsUser}`)
      ? whole(profile, link)
      : changedFields(link.pushed, profile)
    // Somebody enabled in AWS whom we hold inactive; the reverse is not repaired: it would be a grant on a doubt.
    if (present.active === true && !profile.active) changes.active = false
    // Alone and first: AWS may refuse the rest, such as a name that is taken.
    if (changes.active === false && !planner.uncertain.has(`user ${link.awsUser}`)) {
      operations.push(deactivation(link, present))
      return
    }
    if (Object.keys(changes).length > 0) {
      operations.push({
        kind: 'update-user',
        user,
        awsUser: link.awsUser,
        userName: profile.userName,
        changes,
        profile,
      })
    }
    return
  }
  if (!profile.active) return // outside the filter, of another form or locked: not made only to be inactive
  if (userNames.has(profile.userName.toLowerCase())) {
    notes.push({
      kind: 'name-conflict',
      about: profile.userName,
      message: `Identity Center has a user "${profile.userName}" that is not linked. Nothing is written until "tctl plugins link" says it is the same person.`,
    })
    return
  }
  operations.push({ kind: 'create-user', user, profile })
}

/** All that AWS is to know; a name of its own that it was left stays. */
function whole(profile: UserProfile, { awsUserName, pushed }: UserLink): Changes {
  const { userName, ...rest } = profile
  return awsUserName !== undefined && pushed.userName === userName ? rest : { ...profile }
}

type Changes = { -readonly [K in keyof UserProfile]?: UserProfile[K] }

function changedFields(pushed: UserProfile, profile: UserProfile): Changes {
  return {
    ...(pushed.userName === profile.userName ? {} : { userName: profile.userName }),
    ...(pushed.givenName === profile.givenName ? {} : { givenName: profile.givenName }),
    ...(pushed.familyName === profile.familyName ? {} : { familyName: profile.familyName }),
    ...(pushed.displayName === profile.displayName ? {} : { displayName: profile.displayName }),
    ...(pushed.email === profile.email ? {} : { email: profile.email }),
    ...(pushed.active === profile.active ? {} : { active: profile.active }),
  }
}

const deactivation = ({ user, awsUser, pushed }: UserLink, { userName }: ObservedUser): Operation => ({
  kind: 'update-user',
  user,
  awsUser,
  userName,
  changes: { active: false },
  profile: { ...pushed, active: false },
})

/** Made inactive at once; one that we created goes after its assignments, which AWS may take long to let go. */
function planDeletedUser(planner: Planner, link: UserLink): void {
  const { view, observed, operations } = planner
  const present = observed.users.get(link.awsUser)
  if (!present || view.organization.hybrid) return
  const { awsUser, user } = link
  if (link.origin === 'adopted' || mayHoldAssignments(planner, { type: 'USER', id: awsUser })) {
    const isActive = link.pushed.active || present.active === true || planner.uncertain.has(`user ${awsUser}`)
    if (isActive) operations.push(deactivation(link, present))
    return
  }
  operations.push({
    kind: 'delete-user',
    user,
    awsUser,
    userName: present.userName,
    cause: { kind: 'decided', event: `user:${user}` },
  })
}
