import type { BundleRowView, BundleView } from '@gatehouse/api'
import { getBundle, listBundles, type SeenBundle } from '@gatehouse/application'
import { type BundleRow, formatResourceId, type View } from '@gatehouse/domain'
import type { Config } from '../config.ts'
import { actorOf } from './actor-of.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { sliceOf } from './paging.ts'

type Names = 'listBundles' | 'getBundle'

export function bundleHandlers(ports: HandlerPorts, { clusterName }: Config): Pick<ServerHandlers, Names> {
  return {
    async listBundles({ query, signal, ...who }) {
      return sliceOf(await listBundles(ports, actorOf(who), signal), query, present)
    },
    async getBundle({ params, query, signal, ...who }) {
      const { seen, view } = await getBundle(ports, { actor: actorOf(who), name: params.name }, signal)
      return { ...sliceOf(seen.rows, query, (row) => presentRow(row, view, clusterName)), bundle: present(seen) }
    },
  }
}

const present = ({ bundle, rows, total, problems, mayRequest }: SeenBundle): BundleView => ({
  name: bundle.name,
  title: bundle.title,
  description: bundle.description,
  labels: { ...bundle.labels },
  rows: total,
  requestable: rows.filter(({ requestable }) => requestable).length,
  mayRequest,
  problems: [...problems],
})

/** A row is made of what the catalogue holds. */
function presentRow(
  { account, permissionSet, requestable, held }: BundleRow,
  view: View,
  cluster: string,
): BundleRowView {
  const accountName = view.catalogue.accounts.get(account)?.name ?? account
  const permissionSetName = view.catalogue.permissionSets.get(permissionSet)?.name ?? permissionSet
  return {
    account,
    accountName,
    permissionSet: permissionSetName,
    resourceId: formatResourceId(cluster, { account, permissionSet, accountName, permissionSetName }),
    requestable,
    held,
  }
}
