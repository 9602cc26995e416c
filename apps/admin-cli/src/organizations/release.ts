import { MAX_RELEASED, readWholeStatus } from '@gatehouse/api'
import { command, flag, repeated, usageError } from '@gatehouse/cli-kit'
import { chooseByOption, pluginNameOption } from './choose-organization.ts'

export const releaseCommand = command({
  name: 'release',
  summary: 'Let held operations go ahead, take drift back or follow it, or believe a reading that was doubted.',
  options: {
    operation: repeated('<key>', 'a held operation, or one that takes drift back; "tctl plugins status" shows its key'),
    finding: repeated('<key>', 'a doubted reading that is true, with its number; "tctl plugins status" shows its key'),
    follow: repeated('<key>', 'an operation that would take drift back: the records follow AWS instead'),
    all: flag('everything that is held now'),
    pluginName: pluginNameOption,
  },
  async run({ client, options, signal }) {
    const { operation, finding, follow, all } = options
    if (!all && operation.length + finding.length + follow.length === 0)
      throw usageError('Release what?', 'Give --operation KEY, --follow KEY, --finding KEY or --all.')
    const name = await chooseByOption(client, options, signal)
    const params = { name }
    const { held } = all ? await readWholeStatus(client, name, signal) : { held: [] }
    const operations = [...new Set([...operation, ...held.map((row) => row.operation.key)])]
    let released = 0
    for (let start = 0; start === 0 || start < operations.length; start += MAX_RELEASED) {
      const body = {
        operations: operations.slice(start, start + MAX_RELEASED),
        findings: start === 0 ? [...finding] : [],
        follow: start === 0 ? [...follow] : [],
      }
      // One after the other: each is a decision of its own in the audit log.
      released += (await client.release({ params, body }, signal)).released
    }
    return { data: { released }, text: `Released: ${released}.` }
  },
})
