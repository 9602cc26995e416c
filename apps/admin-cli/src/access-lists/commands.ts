import type { AccessListView, MemberView } from '@gatehouse/api'
import {
  argument,
  choice,
  command,
  everyPage,
  type Group,
  optionalArgument,
  PAGE,
  printable,
  shortened,
  table,
} from '@gatehouse/cli-kit'
import { confirmRemovalsOption, parseRemovals } from '../documents/removals.ts'

const listArgument = argument('list', 'the list\'s id; "tctl acl ls -o text" shows it')

const list = command({
  name: 'ls',
  summary: 'List access lists.',
  format: 'yaml',
  async run({ client, signal }) {
    const lists = await everyPage((cursor) => client.listAccessLists({ query: { limit: PAGE, cursor } }, signal))
    return { data: lists, text: lists.length === 0 ? 'There are no access lists.' : listTable(lists) }
  },
})

const get = command({
  name: 'get',
  summary: 'Show one access list.',
  args: { list: listArgument },
  format: 'yaml',
  async run({ client, args, signal }) {
    const found = await client.getAccessList({ params: { id: args.list } }, signal)
    return { data: found, text: listTable([found]) }
  },
})

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

const removeMember = command({
  name: 'rm',
  summary: 'Take a user or a list out of a list.',
  args: { list: listArgument, member: argument('member', "a user's name, or a list's id") },
  options: { confirmRemovals: confirmRemovalsOption },
  async run({ client, args, options, signal }) {
    const params = { id: args.list, member: args.member }
    await client.removeMember({ params, query: parseRemovals(options.confirmRemovals) }, signal)
    return {
      data: { list: args.list, member: args.member, outcome: 'removed' },
      text: `${printable(args.member)} is no longer in the access list ${printable(args.list)}.`,
    }
  },
})

const listMembers = command({
  name: 'ls',
  summary: 'List who is in a list.',
  args: { list: listArgument },
  async run({ client, args, signal }) {
    const params = { id: args.list }
    const members = await everyPage((cursor) => client.listMembers({ params, query: { limit: PAGE, cursor } }, signal))
    return {
      data: members,
      text: table(['Member', 'Type', 'Date Added', 'Reason Added', 'Expires'], members.map(memberRow)),
    }
  },
})

export const accessListCommands: Group = {
  name: 'acl',
  aliases: ['access-lists'],
  summary: 'Access lists and who is in them.',
  commands: [
    list,
    get,
    { name: 'users', summary: 'Members of a list.', commands: [addMember, removeMember, listMembers] },
  ],
}

/** A list of AWS's may grant dozens; YAML and JSON have them all. */
const ROLES_WIDTH = 60

const listTable = (lists: readonly AccessListView[]): string =>
  table(
    ['ID', 'Title', 'Next Audit', 'Granted Roles', 'Granted Traits'],
    lists.map(({ id, title, nextAuditDate, grants }) => [
      id,
      title,
      nextAuditDate ?? '-',
      shortened(grants.roles.join(', '), ROLES_WIDTH),
      Object.entries(grants.traits)
        .map(([key, values]) => `${key}=${values.join(',')}`)
        .join(' '),
    ]),
  )

const TYPES = { user: 'User', list: 'Access List', 'aws-only': 'AWS only' } as const
const memberRow = ({ kind, name, title, joined, reason, expires }: MemberView): string[] => [
  title === undefined ? name : `${title} (${name})`,
  TYPES[kind],
  joined,
  reason === '' ? '-' : reason,
  expires ?? '-',
]
