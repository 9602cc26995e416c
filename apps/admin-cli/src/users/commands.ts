import type { PasswordLinkView, UserView } from '@gatehouse/api'
import {
  argument,
  command,
  everyPage,
  type Group,
  names,
  PAGE,
  printable,
  repeated,
  table,
  usageError,
} from '@gatehouse/cli-kit'
import { confirmRemovalsOption, parseRemovals } from '../documents/removals.ts'

const userArgument = argument('user', 'the name, an e-mail address')

const add = command({
  name: 'add',
  summary: 'Add a user and print the one-time link with which they set their password.',
  args: { user: userArgument },
  options: {
    roles: names('<names>', 'roles, divided by commas'),
    traits: repeated('<key=a,b>', 'a trait and its values'),
  },
  async run({ client, args, options, signal }) {
    const body = { name: args.user, roles: [...options.roles], traits: parseTraits(options.traits) }
    const added = await client.createUser({ body }, signal)
    const note = added.user.notPushed
    return {
      data: added,
      text: `User "${printable(added.user.name)}" has been created.\n${describeLink(added.link)}`,
      talk: [...added.warnings, ...(note === undefined ? [] : [note])].map((warning) => `Warning: ${warning}`),
    }
  },
})

const reset = command({
  name: 'reset',
  summary: 'Print a one-time link with which a user sets a new password.',
  args: { user: userArgument },
  async run({ client, args, signal }) {
    const link = await client.createPasswordLink({ params: { name: args.user } }, signal)
    return { data: link, text: describeLink(link) }
  },
})

const list = command({
  name: 'ls',
  summary: 'List all users.',
  async run({ client, signal }) {
    const users = await everyPage((cursor) => client.listUsers({ query: { limit: PAGE, cursor } }, signal))
    return { data: users, text: table(['User', 'Roles', 'Status', 'Note'], users.map(rowOf)) }
  },
})

const remove = command({
  name: 'rm',
  summary: 'Delete a user: out of every list, signed out, and out of AWS if Gatehouse made the user there.',
  args: { user: userArgument },
  options: { confirmRemovals: confirmRemovalsOption },
  async run({ client, args, options, signal }) {
    const query = parseRemovals(options.confirmRemovals)
    await client.deleteUser({ params: { name: args.user }, query }, signal)
    return {
      data: { kind: 'user', name: args.user, outcome: 'deleted' },
      text: `User "${printable(args.user)}" has been deleted.`,
    }
  },
})

export const userCommands: Group = {
  name: 'users',
  summary: 'Who may sign in.',
  commands: [add, list, remove, reset],
}

const rowOf = ({ name, roles, locked, notPushed }: UserView): string[] => [
  name,
  roles.join(', '),
  locked ? 'locked' : 'active',
  notPushed ?? '',
]

const describeLink = ({ url, user, expiresAt }: PasswordLinkView): string =>
  `Give this link to ${printable(user)}; it works once, until ${expiresAt}:\n${printable(url)}`

function parseTraits(typed: readonly string[]): Record<string, string[]> {
  const entries = typed.map((entry) => {
    const equals = entry.indexOf('=')
    if (equals < 1) throw usageError(`--traits: "${entry}" is not a trait.`, 'Enter one such as team=cloud,web.')
    return [entry.slice(0, equals), entry.slice(equals + 1).split(',')] as const
  })
  return Object.fromEntries(entries)
}
