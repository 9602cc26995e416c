import type { BundleView } from '@gatehouse/api'
import { argument, command, type Group } from './command.ts'
import { everyPage, PAGE } from './every-page.ts'
import { table } from './table.ts'

const list = command({
  name: 'ls',
  summary: 'List bundles: named sets of accounts and permission sets that are asked for as one.',
  async run({ client, signal }) {
    const bundles = await everyPage((cursor) => client.listBundles({ query: { limit: PAGE, cursor } }, signal))
    if (bundles.length === 0) return { data: bundles, text: 'There are no bundles for you.' }
    return {
      data: bundles,
      text: table(
        ['Bundle', 'Title', 'Assignments', 'You May Request'],
        bundles.map(({ name, title, rows, requestable, mayRequest }) => [
          name,
          title || '-',
          String(rows),
          mayRequest ? 'yes' : partly(requestable, rows),
        ]),
      ),
      talk: bundles.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`)),
    }
  },
})

const partly = (requestable: number, rows: number): string =>
  requestable === 0 ? 'no' : `not as a whole: ${requestable} of ${rows}`

const show = command({
  name: 'show',
  summary: 'Show what a bundle stands for now.',
  args: { bundle: argument('bundle', 'its name') },
  async run({ client, args, signal }) {
    const params = { name: args.bundle }
    let bundle: BundleView | undefined
    const rows = await everyPage(async (cursor) => {
      const page = await client.getBundle({ params, query: { limit: PAGE, cursor } }, signal)
      bundle = page.bundle
      return page
    })
    return {
      data: { ...bundle, assignments: rows },
      text:
        rows.length === 0
          ? 'It stands for nothing now.'
          : table(
              ['Account', 'Account ID', 'Permission Set', 'You'],
              rows.map(({ accountName, account, permissionSet, requestable, held }) => [
                accountName,
                account,
                permissionSet,
                standing(held, requestable),
              ]),
            ),
      talk: bundle?.problems ?? [],
    }
  },
})

function standing(held: boolean, requestable: boolean): string {
  if (held) return 'have it'
  return requestable ? 'may request it' : '-'
}

/** In both programs: whoever asks for a bundle looks at it first. */
export const bundleCommands: Group = {
  name: 'bundles',
  summary: 'Named sets of accounts and permission sets.',
  commands: [list, show],
}
