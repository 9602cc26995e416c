import type { AccessListReviewView } from '@gatehouse/api'
import {
  argument,
  command,
  everyPage,
  type Group,
  names,
  PAGE,
  printable,
  table,
  text,
  textOr,
  usageError,
} from '@gatehouse/cli-kit'
import { confirmRemovalsOption, parseRemovals } from '../documents/removals.ts'

const listArgument = argument('list', 'the list\'s id; "tctl acl ls -o text" shows it')

const list = command({
  name: 'ls',
  summary: 'List the reviews of a list, newest first.',
  args: { list: listArgument },
  async run({ client, args, signal }) {
    const params = { id: args.list }
    const reviews = await everyPage((cursor) =>
      client.listAccessListReviews({ params, query: { limit: PAGE, cursor } }, signal),
    )
    return {
      data: reviews,
      text: table(['ID', 'Reviewer', 'Review Date', 'Removed Members', 'Notes'], reviews.map(rowOf)),
    }
  },
})

const rows = command({
  name: 'rows',
  summary: 'Show who is in a list: how long, why, by whom, the last sign-in, and what would be lost.',
  args: { list: listArgument },
  async run({ client, args, signal }) {
    const params = { id: args.list }
    const found = await everyPage((cursor) => client.listReviewRows({ params, query: { limit: PAGE, cursor } }, signal))
    const headings = ['Member', 'Since', 'Added By', 'Reason', 'Expires', 'Last Sign-in', 'People', 'Would Lose']
    return {
      data: found,
      text: table(
        headings,
        found.map(({ title, name, joined, addedBy, reason, expires, lastSignIn, people, loses, losesCount }) => [
          title === undefined ? name : `${title} (${name})`,
          dayOf(joined),
          addedBy,
          reason === '' ? '-' : reason,
          expires === undefined ? '-' : dayOf(expires),
          lastSignIn === undefined ? '-' : dayOf(lastSignIn),
          String(people),
          lossText(loses, losesCount),
        ]),
      ),
    }
  },
})

const create = command({
  name: 'create',
  summary: 'File your own review of a list.',
  args: { list: listArgument },
  options: {
    notes: textOr('<text>', 'what you found', ''),
    removeMembers: names('<names>', "who goes out: users' names and lists' ids, with commas between"),
    frequency: text('<1|3|6|12>', 'from now on every so many months'),
    dayOfMonth: text('<1|15|31>', 'from now on by this day; 31 is the last one'),
    confirmRemovals: confirmRemovalsOption,
  },
  async run({ client, args, options, signal }) {
    const body = {
      notes: options.notes,
      removeMembers: [...options.removeMembers],
      ...(options.frequency === undefined
        ? {}
        : { frequencyMonths: oneOf('--frequency', [1, 3, 6, 12] as const, options.frequency) }),
      ...(options.dayOfMonth === undefined
        ? {}
        : { dayOfMonth: oneOf('--day-of-month', [1, 15, 31] as const, options.dayOfMonth) }),
      ...parseRemovals(options.confirmRemovals),
    }
    const filed = await client.createAccessListReview({ params: { id: args.list }, body }, signal)
    const { nextAuditDate } = filed.review
    const name = printable(args.list)
    return nextAuditDate === undefined
      ? { data: filed, text: `Review of ${name} filed.`, talk: [`It is not complete. ${filed.waitingFor ?? ''}`] }
      : { data: filed, text: `Review of ${name} filed. Next audit date: ${dayOf(nextAuditDate)}` }
  },
})

export const reviewCommands: Group = {
  name: 'reviews',
  summary: 'Reviews of a list.',
  commands: [list, rows, create],
}

const rowOf = ({ id, reviewers, reviewDate, changes, notes }: AccessListReviewView): string[] => [
  id,
  reviewers.join(', '),
  reviewDate,
  changes.removedMembers.join(', '),
  notes,
]

/** A date as the command line shows it: `YYYY-MM-DD`, in UTC. */
export const dayOf = (time: string): string => time.slice(0, 10)

const SHOWN = 2
function lossText(
  loses: readonly { account: { name: string }; permissionSet: { name: string } }[],
  count: number,
): string {
  if (count === 0) return 'nothing'
  const shown = loses.slice(0, SHOWN).map(({ account, permissionSet }) => `${permissionSet.name} on ${account.name}`)
  return count > SHOWN ? `${shown.join(', ')} and ${count - SHOWN} more` : shown.join(', ')
}

function oneOf<T extends number>(flag: string, allowed: readonly T[], typed: string): T {
  const found = allowed.find((candidate) => String(candidate) === typed)
  if (found !== undefined) return found
  throw usageError(`${flag}: "${typed}" is not valid.`, `Enter one of ${allowed.join(', ')}.`)
}
