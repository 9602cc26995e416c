import { addressWanted, command, type Context, createPaint, flag, text, usageError } from '@gatehouse/cli-kit'
import { changeConfig } from './change-config.ts'
import type { ConfigFile } from './config-file.ts'
import { ownerOf } from './markers.ts'
import { changeData, countLine, isPreview, leftAloneLines, PREVIEW_OPTIONS, previewOf } from './preview.ts'
import { updateConfig } from './update-config.ts'
import { NOTHING_WANTED } from './wanted.ts'

/** Asks no server: it works after signing out, and where a server is gone for good. */
export const removeCommand = command({
  name: 'rm',
  summary: 'Remove what aws-profile wrote for a cluster from the AWS config file.',
  options: {
    ...PREVIEW_OPTIONS,
    cluster: text('<name>', 'of that cluster; default: the current sign-in'),
    all: flag('of every Gatehouse cluster'),
  },
  async run(context) {
    const { options, environment, signal } = context
    const isWriting = !isPreview(options)
    const change = await changeConfig(
      environment,
      (before) => {
        const cluster = options.all ? '' : (options.cluster ?? chooseCluster(context, before))
        const others = { force: false, rename: false }
        return updateConfig(before, NOTHING_WANTED, { ...others, cluster, pruneAll: options.all })
      },
      { isWriting },
      signal,
    )
    if (!isWriting) return previewOf(change, options, createPaint(environment, process.stdout.isTTY))
    return {
      data: changeData(change),
      text: change.isWritten
        ? `AWS configuration updated at: ${change.path}\n${countLine(change.update.changes)}`
        : `There is nothing to remove in ${change.path}.`,
      talk: leftAloneLines(change),
    }
  },
})

/** The one that is signed in to; without a sign-in, the only one in the file. */
function chooseCluster({ sessions, connection }: Context, { sections }: ConfigFile): string {
  const address = addressWanted(connection)
  const signedIn = address === undefined ? sessions.current() : sessions.find(address)
  if (signedIn) return signedIn.cluster
  const clusters = new Set(
    sections.map(ownerOf).flatMap((owner) => (owner?.kind === 'gatehouse' ? [owner.cluster] : [])),
  )
  const [only, ...more] = clusters
  if (more.length > 0)
    throw usageError(
      `The AWS config file has sections of several clusters: ${[...clusters].join(', ')}.`,
      'Name one with --cluster, or give --all.',
    )
  return only ?? ''
}
