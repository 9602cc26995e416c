import type { AccessListDetailView, AccessListView, MemberView } from '@gatehouse/api'
import {
  argument,
  choice,
  command,
  everyArgument,
  everyPage,
  flag,
  type Group,
  optionalArgument,
  PAGE,
  printable,
  shortened,
  table,
} from '@gatehouse/cli-kit'
import { counted } from '@gatehouse/domain'
import { confirmRemovalsOption, parseRemovals } from '../documents/removals.ts'
import { createCommand } from './create.ts'
import { dayOf, reviewCommands } from './reviews.ts'

const listArgument = argument('list', 'the list\'s id; "tctl acl ls -o text" shows it')

const list = command({
  name: 'ls',
  summary: 'List access lists.',
  options: { reviewOnly: flag('only those up for review or overdue') },
  format: 'yaml',
  async run({ client, options, signal }) {
    const review = options.reviewOnly ? 'due' : undefined
    const lists = await everyPage((cursor) =>
      client.listAccessLists({ query: { limit: PAGE, cursor, review } }, signal),
    )
    const none = options.reviewOnly ? 'No access list is up for review.' : 'There are no access lists.'
    return { data: lists, text: lists.length === 0 ? none : listTable(lists) }
  },
})

const summary = command({
  name: 'summary',
  summary: 'Show lists with their members and the last review of each.',
  args: { list: optionalArgument('list', 'the id of one list; all of them without it') },
  options: {
    reviewOnly: {
      ...choice(['true', 'false'], 'without a list: only those up for review or overdue', 'true'),
      value: '[true|false]',
    },
  },
  format: 'yaml',
  async run({ client, args, options, signal }) {
    const lists =
      args.list === undefined
        ? await everyPage((cursor) =>
            client.listAccessLists(
              { query: { limit: PAGE, cursor, review: options.reviewOnly === 'true' ? 'due' : undefined } },
              signal,
            ),
          )
        : [await client.getAccessList({ params: { id: args.list } }, signal)]
    const summaries = []
    for (const found of lists) {
      const params = { id: found.id }
      const members = await everyPage((cursor) =>
        client.listMembers({ params, query: { limit: PAGE, cursor } }, signal),
      )
      const { items } = await client.listAccessListReviews({ params, query: { limit: 1 } }, signal)
      summaries.push({ list: found, members, ...(items[0] ? { lastReview: items[0] } : {}) })
    }
    return { data: summaries, text: lists.length === 0 ? 'No access list is up for review.' : listTable(lists) }
  },
})

const get = command({
  name: 'get',
  summary: 'Show one access list.',
  args: { list: listArgument },
  format: 'yaml',
  async run({ client, args, signal }) {
    const found = await client.getAccessList({ params: { id: args.list } }, signal)
    return { data: found, text: [listTable([found]), ...found.departures.map(sayDeparture)].join('\n') }
  },
})

const sayDeparture = ({
  user,
  organization,
  confirmedAt,
  sessionsEndBy,
}: AccessListDetailView['departures'][number]): string =>
  `${printable(user)} is out of its group in ${printable(organization)}: no new credentials through it since ${confirmedAt}; those issued before end by ${sessionsEndBy} at the latest.`

const addMember = command({
  name: 'add',
  summary: 'Add a user or a list to a list; an entry that is there already is changed.',
  args: {
    list: listArgument,
    member: argument('member', "a user's name, or a list's id"),
    expires: optionalArgument('expires', 'when it ends, such as 2027-03-01T09:00:00Z'),
    reason: optionalArgument('reason', 'why'),
  },
  options: { kind: choice(['user', 'list'], 'what the member is', 'user') },
  async run({ client, args, options, signal }) {
    const params = { id: args.list }
    const expires = args.expires === '' ? undefined : args.expires
    const body = { kind: options.kind, name: args.member, expires, reason: args.reason }
    const member = await client.addMember({ params, body }, signal)
    const until = member.expires === undefined ? '' : ` until ${member.expires}`
    return { data: member, text: `${printable(args.member)} is in the access list ${printable(args.list)}${until}.` }
  },
})

const removeMembers = command({
  name: 'rm',
  summary: 'Take users or lists out of a list: all that are named, or none.',
  args: { list: listArgument, members: everyArgument('member', "a user's name, or a list's id") },
  options: {
    confirmRemovals: confirmRemovalsOption,
    kind: choice(['any', 'user', 'list', 'aws-only'], 'what the members are, where some are called the same', 'any'),
  },
  async run({ client, args: { list: id, members }, options, signal }) {
    const confirmed = parseRemovals(options.confirmRemovals)
    const kind = options.kind === 'any' ? undefined : options.kind
    const [member = '', ...others] = members
    if (others.length === 0) {
      await client.removeMember({ params: { id, member }, query: { ...confirmed, kind } }, signal)
      const text = `${printable(member)} is no longer in the access list ${printable(id)}.`
      return { data: { list: id, member, outcome: 'removed' }, text }
    }
    const named = members.map((name) => (kind === undefined ? name : { name, kind }))
    const { removed } = await client.removeMembers({ params: { id }, body: { members: named, ...confirmed } }, signal)
    const text = `${counted(removed, 'member is', 'members are')} no longer in the access list ${printable(id)}.`
    return { data: { list: id, members, outcome: 'removed' }, text }
  },
})

const listMembers = command({
  name: 'ls',
  summary: 'List who is in a list.',
  args: { list: listArgument },
  async run({ client, args, signal }) {
    const params = { id: args.list }
    const members = await everyPage((cursor) => client.listMembers({ params, query: { limit: PAGE, cursor } }, signal))
    // The described product's columns, and one more where it says something.
    const isAnyIneligible = members.some(({ ineligible }) => ineligible !== undefined)
    const headings = ['Member', 'Type', 'Date Added', 'Reason Added', 'Expires']
    const rows = members.map((member) => [...memberRow(member), ...(isAnyIneligible ? [member.ineligible ?? '-'] : [])])
    return { data: members, text: table([...headings, ...(isAnyIneligible ? ['Ineligible'] : [])], rows) }
  },
})

export const accessListCommands: Group = {
  name: 'acl',
  aliases: ['access-lists'],
  summary: 'Access lists and who is in them.',
  commands: [
    list,
    get,
    summary,
    createCommand,
    { name: 'users', summary: 'Members of a list.', commands: [addMember, removeMembers, listMembers] },
    reviewCommands,
  ],
}

/** A list of AWS's may grant dozens; YAML and JSON have them all. */
const ROLES_WIDTH = 60

const listTable = (lists: readonly AccessListView[]): string =>
  table(
    ['ID', 'Title', 'Next Audit', 'Granted Roles', 'Granted Traits'],
    lists.map(({ id, title, nextAuditDate, review, grants }) => [
      id,
      title,
      nextAuditDate === undefined ? '-' : `${dayOf(nextAuditDate)}${stateText(review)}`,
      shortened(grants.roles.join(', '), ROLES_WIDTH),
      Object.entries(grants.traits)
        .map(([key, values]) => `${key}=${values.join(',')}`)
        .join(' '),
    ]),
  )

function stateText(review: AccessListView['review']): string {
  if (review?.suspended) return ' (suspended)'
  return review?.state === 'overdue' ? ' (overdue)' : ''
}

const TYPES = { user: 'User', list: 'Access List', 'aws-only': 'AWS only' } as const
const memberRow = ({ kind, name, title, joined, reason, expires }: MemberView): string[] => [
  title === undefined ? name : `${title} (${name})`,
  TYPES[kind],
  joined,
  reason === '' ? '-' : reason,
  expires ?? '-',
]
