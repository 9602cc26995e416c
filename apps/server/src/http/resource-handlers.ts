import type { ApplicationView, ResourceView } from '@gatehouse/api'
import {
  type AccountResources,
  listApplications,
  type ListedApplication,
  listResources,
  searchResources,
} from '@gatehouse/application'
import {
  formatApplicationId,
  formatInstant,
  formatResourceId,
  IDENTITY_CENTER_LABELS,
  labelsOfAccount,
  systemRoleName,
} from '@gatehouse/domain'
import type { Config } from '../config.ts'
import { actorOf } from './actor-of.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { accessOf, atAccount } from './present-access.ts'
import { outlineOf } from './outline-of.ts'
import { sliceByParts, sliceOf } from './paging.ts'
import { createSearchMemory } from './search-memory.ts'

/** Permission sets on a page: two megabytes. Accounts with as many come one by one. */
const MAX_ROWS = 5_000

export function resourceHandlers(
  ports: HandlerPorts,
  { clusterName, publicAddress }: Config,
): Pick<ServerHandlers, 'listResources' | 'outlineResources' | 'listApplications'> {
  const memory = createSearchMemory()
  return {
    async listResources({ query: { requestable, ...query }, signal, ...who }) {
      const { kind, search: words, labels, query: expression, ...paging } = query
      const search = {
        ...(kind === undefined ? {} : { kind }),
        ...(words === undefined ? {} : { words }),
        ...(labels === undefined ? {} : { labels }),
        ...(expression === undefined ? {} : { query: expression }),
      }
      const isFirst = memory.begins(JSON.stringify([who.user.id, search]), query.cursor)
      const asked = { actor: actorOf(who), requestable, search, isFirst }
      const { accounts, warning, isComplete } = await searchResources(ports, asked, signal)
      const shown = accounts
        .map(({ permissionSets, ...one }) => ({
          ...one,
          permissionSets: permissionSets.filter((row) => requestable || row.granted || row.pending),
        }))
        .filter(({ permissionSets }) => permissionSets.length > 0)
      const page = sliceByParts(shown, paging, {
        most: MAX_ROWS,
        partsOf: ({ permissionSets }) => permissionSets.length,
        present: (resources) => present(resources, clusterName),
      })
      return { ...page, isComplete, ...(warning === undefined ? {} : { warning }) }
    },
    async outlineResources({ query, signal, ...who }) {
      const resources = await listResources(ports, { actor: actorOf(who) }, signal)
      return outlineOf(resources, query, clusterName)
    },
    async listApplications({ query, signal, ...who }) {
      const found = await listApplications(ports, actorOf(who), signal)
      return sliceOf(found, query, (one) => presentApplication(one, { publicAddress, cluster: clusterName }))
    },
  }
}

const present = ({ organization, account, permissionSets }: AccountResources, cluster: string): ResourceView => ({
  organization: organization.name,
  application: organization.name,
  account: account.id,
  accountName: account.name,
  labels: { ...labelsOfAccount(account, organization) },
  region: organization.region,
  startUrl: organization.startUrl,
  portalUrl: atAccount(organization.portalUrl, account.id),
  permissionSets: permissionSets.map((row) => ({
    name: row.permissionSet.name,
    arn: row.permissionSet.arn,
    description: row.permissionSet.description,
    resourceId: formatResourceId(cluster, {
      account: account.id,
      permissionSet: row.permissionSet.arn,
      accountName: account.name,
      permissionSetName: row.permissionSet.name,
    }),
    role: systemRoleName(account, row.permissionSet),
    access: accessOf(row),
    requestable: row.requestable,
    ...(row.until === undefined ? {} : { until: formatInstant(row.until) }),
  })),
})

function presentApplication(
  application: ListedApplication,
  { publicAddress, cluster }: { readonly publicAddress: string; readonly cluster: string },
): ApplicationView {
  const { access, denial } = application
  const isOpen = access === 'granted' && denial === undefined
  const common = {
    access,
    ...(denial === undefined ? {} : { denial: { message: denial.message, remedy: denial.remedy } }),
  }
  if (application.kind === 'identity-center') {
    const { name, startUrl, portalUrl, region } = application.organization
    const labels = { ...IDENTITY_CENTER_LABELS }
    return {
      ...common,
      kind: 'identity-center',
      name,
      labels,
      startUrl,
      region,
      ...(isOpen ? { signInUrl: portalUrl } : {}),
    }
  }
  const { name, labels } = application.provider
  const signInUrl = `${publicAddress}/saml/login/${encodeURIComponent(name)}`
  const resourceId = formatApplicationId(cluster, name)
  return { ...common, kind: 'saml', name, labels: { ...labels }, resourceId, ...(isOpen ? { signInUrl } : {}) }
}
