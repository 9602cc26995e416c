import type { OrganizationView } from '../desired-state/view.ts'
import { type GroupKey, parseGroupKey } from '../organizations/link.ts'
import type { DriftKind } from '../organizations/organization.ts'
import { type Operation, operationKey, renameOperationKey } from './operation.ts'

/** Something that was changed in AWS, and that drift policy leaves to a person. */
export interface DriftFinding {
  readonly kind: DriftKind
  /** What happened in AWS. */
  readonly message: string
  /** What would take it back. */
  readonly operation: Operation
}

/** Stable name of a finding: the key of what takes it back, and for a name the one in AWS, too. */
export const findingKey = ({ operation }: DriftFinding): string =>
  operation.kind === 'rename-group'
    ? renameFindingKey(operation.group, operation.title, operation.from)
    : operationKey(operation)

export const renameFindingKey = (group: GroupKey, title: string, inAws: string): string =>
  `${renameOperationKey(group, title)} ${JSON.stringify(inAws)}`

type Lists = Pick<OrganizationView, 'lists' | 'entriesOfUser'>

/** Says whether records can follow: what came in AWS, not what went, which is decided here, by a role or a list. */
export const mayFollow = (finding: DriftFinding, lists: Lists): boolean => whyNotFollow(finding, lists) === undefined

/** Why no record can follow a finding, and what to do instead; nothing when one can. */
export function whyNotFollow(
  { kind, operation }: DriftFinding,
  { lists, entriesOfUser }: Lists,
): { readonly why: string; readonly remedy: string } | undefined {
  if (kind === 'assignment-added') return undefined
  if (operation.kind === 'rename-group') {
    const { list, side } = parseGroupKey(operation.group)
    if (side === 'owners')
      return { why: 'a group of owners is called as its list', remedy: 'Take it back, or rename the list.' }
    const name = operation.from.toLowerCase()
    const isTaken = lists.some(({ id, title }) => id !== list && title.toLowerCase() === name)
    return isTaken
      ? { why: `another list is called "${operation.from}"`, remedy: 'Take it back, or rename that list first.' }
      : undefined
  }
  if (operation.kind === 'remove-member') {
    const { list, side } = parseGroupKey(operation.group.group)
    if (side === 'owners')
      return { why: 'it is a group of owners', remedy: 'Take it back, or make this person an owner of the list.' }
    const { user } = operation.member
    const entries = user === undefined ? [] : (entriesOfUser.get(user) ?? [])
    return entries.some((entry) => entry.list.id === list)
      ? {
          why: 'the list has an entry of this person that gives no membership now',
          remedy: 'Take it back, or edit that entry: its end, or what the list requires of its members.',
        }
      : undefined
  }
  return {
    why: 'what went in AWS is decided here',
    remedy: 'Take it back, or take away here what grants it: the role, the list or the membership.',
  }
}

/** What is released when somebody lets the records follow what happened in AWS, instead of taking it back. */
export const followKey = (findingKey: string, by: string): string => `follow ${encodeURIComponent(by)} ${findingKey}`
const FOLLOW_KEY = /^follow (\S*) (.*)$/s

/** The finding whose following was released, and who did so. */
export function parseFollowKey(key: string): { readonly finding: string; readonly by: string } | undefined {
  const [, by, finding] = FOLLOW_KEY.exec(key) ?? []
  return by === undefined || finding === undefined ? undefined : { finding, by: decodeURIComponent(by) }
}

/** What is to be followed, and who said so. */
export const followersOf = (released: ReadonlySet<string>): ReadonlyMap<string, string> =>
  new Map(
    [...released].flatMap((key) => {
      const followed = parseFollowKey(key)
      return followed ? [[followed.finding, followed.by] as const] : []
    }),
  )
export const isFollowKey = (key: string): boolean => key.startsWith('follow ')

/** What somebody has said is to be taken back is an operation like any other; the rest stays a finding. */
export function splitDrift(
  findings: readonly DriftFinding[],
  released: ReadonlySet<string>,
): { readonly takenBack: readonly Operation[]; readonly left: readonly DriftFinding[] } {
  const isTakenBack = ({ operation }: DriftFinding): boolean => released.has(operationKey(operation))
  return {
    takenBack: findings.filter(isTakenBack).map(({ operation }) => operation),
    left: findings.filter((finding) => !isTakenBack(finding)),
  }
}
