import type { AwsGroupId, AwsUserId, GrantKey } from '../identity-center/account-assignment.ts'
import type { Instant } from '../kernel/instant.ts'
import type { AccessListId, UserId } from '../kernel/names.ts'
import type { UserProfile } from '../users/user.ts'

/** The record that an AWS user is one of ours. */
export interface UserLink {
  readonly user: UserId
  readonly awsUser: AwsUserId
  /** Adopted users keep their own `externalId` and are only ever deactivated; created ones may be deleted. */
  readonly origin: 'created' | 'adopted'
  /** Our profile as AWS was last told, or as it was at adoption: only what changed here since is sent. */
  readonly pushed: UserProfile
  /** What AWS called the user when the link was made, if that was not our name; ours until we tell AWS another. */
  readonly awsUserName?: string
  /** Until its direct assignments were adopted, nothing of this user is removed for not being ours. */
  readonly assignmentsAdopted: boolean
  /** Our user is gone; the link stays until AWS has confirmed what has to go. */
  readonly userDeleted: boolean
}

/** What AWS knows the user by, letter for letter. */
export const userNameInAws = ({ awsUserName, pushed }: UserLink): string => awsUserName ?? pushed.userName

/** The name to keep with a link, where it is not ours. */
export const awsNameBeside = (ours: Pick<UserProfile, 'userName'>, name: string): Pick<UserLink, 'awsUserName'> =>
  ours.userName === name ? {} : { awsUserName: name }

/** The record that an AWS group is one of our lists' member or owner group. */
export interface GroupLink {
  readonly group: GroupKey
  readonly list: AccessListId
  readonly side: GroupSide
  readonly awsGroup: AwsGroupId
  readonly origin: 'created' | 'adopted'
  /** The name AWS was last told, or had when it was adopted. */
  readonly pushedTitle: string
  /**
   * The title that the list was given at adoption, where a list of another organization is called as the group: while it
   * bears it, the group keeps its own name.
   */
  readonly adoptedUnder?: string
  /** Until what the group held in AWS was adopted, nothing of it is removed for not being ours. */
  readonly contentsAdopted: boolean
  /** The list is gone: its group goes too, or these members are taken out and the group is left alone from then on. */
  readonly ending?: { readonly how: 'delete' } | { readonly how: 'release'; readonly removing: readonly AwsUserId[] }
}

/** A list is up to two groups in AWS: its members', and its owners' when owners are granted something. */
export type GroupSide = 'members' | 'owners'
/** `<list id>/members` or `<list id>/owners` */
export type GroupKey = `${string}/${GroupSide}`
export const groupKey = (list: AccessListId, side: GroupSide): GroupKey => `${list}/${side}`
/** The inverse of `groupKey`. */
export function parseGroupKey(key: GroupKey): { list: AccessListId; side: GroupSide } {
  const slash = key.lastIndexOf('/')
  return { list: key.slice(0, slash) as AccessListId, side: key.slice(slash + 1) as GroupSide } // made of just these two
}

/** What the group of a list is to be called in AWS. */
export const titleInAws = (title: string, side: GroupSide, link: GroupLink | undefined): string =>
  link?.adoptedUnder === title && side === 'members' ? link.pushedTitle : groupTitle(title, side)

export const groupTitle = (title: string, side: GroupSide): string => (side === 'members' ? title : `${title} (owners)`)

/** A direct assignment that was found in AWS and taken over; kept until an administrator ends it. */
export interface AdoptedAssignment {
  readonly user: UserId
  readonly grant: GrantKey
  readonly adoptedAt: Instant
  /** Who let the records follow it when it was drift; absent for what was taken over unasked. */
  readonly keptBy?: string
}

/** `<user id> <account>|<permission set ARN>` */
export const adoptedKey = ({ user, grant }: Pick<AdoptedAssignment, 'user' | 'grant'>): string => `${user} ${grant}`
