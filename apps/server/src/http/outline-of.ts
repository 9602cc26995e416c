import type { ResourceOutlineView } from '@gatehouse/api'
import type { ResourceRow, Resources } from '@gatehouse/application'
import {
  formatInstant,
  nameInResourceId,
  organizationalPath,
  type PermissionSet,
  resourcePrefix,
} from '@gatehouse/domain'
import { sliceOf } from './paging.ts'
import { accessOf, atAccount } from './present-access.ts'

type Offer = ResourceOutlineView['offers'][number]

/** Accounts by what is offered in them: most accounts of an organization offer the same. */
export function outlineOf(
  { accounts, warning, isComplete }: Resources,
  paging: { readonly limit: number; readonly cursor?: string | undefined },
  cluster: string,
): ResourceOutlineView {
  const sets = places<string, PermissionSet>()
  const offers = places<string, Offer>()
  const offerOf = (rows: readonly ResourceRow[]): Offer =>
    rows.map((row) => ({
      set: sets.placeOf(row.permissionSet.arn, () => row.permissionSet),
      access: accessOf(row),
      requestable: row.requestable,
      ...(row.until === undefined ? {} : { until: formatInstant(row.until) }),
    }))
  const placesOfRows = new Map<readonly ResourceRow[], number>() // many accounts share one list of rows
  const placeOf = (rows: readonly ResourceRow[]): number => {
    const known = placesOfRows.get(rows)
    if (known !== undefined) return known
    const offer = offerOf(rows)
    const place = offers.placeOf(JSON.stringify(offer), () => offer)
    placesOfRows.set(rows, place)
    return place
  }
  const page = sliceOf(accounts, paging, ({ organization, account, permissionSets }) => {
    const path = organizationalPath(account)
    return {
      organization: organization.name,
      account: account.id,
      accountName: account.name,
      tags: { ...account.tags },
      ...(path === undefined ? {} : { path }),
      portalUrl: atAccount(organization.portalUrl, account.id),
      offer: placeOf(permissionSets),
    }
  })
  return {
    ...page,
    permissionSets: sets.values.map(({ name, arn, description }) => ({
      name,
      arn,
      description,
      resource: nameInResourceId(name),
    })),
    resourcePrefix: resourcePrefix(cluster),
    offers: offers.values,
    isComplete,
    ...(warning === undefined ? {} : { warning }),
  }
}

/** Gives each key its place in a list, from the first time on that it is asked for. */
function places<Key, Value>() {
  const known = new Map<Key, number>()
  const values: Value[] = []
  return {
    values,
    placeOf(key: Key, make: () => Value): number {
      const place = known.get(key) ?? values.length
      if (place === values.length) {
        known.set(key, place)
        values.push(make())
      }
      return place
    },
  }
}
