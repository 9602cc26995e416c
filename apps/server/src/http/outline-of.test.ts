import { type AccountResources } from '@gatehouse/application'
import { formatInstant, formatResourceId, instant } from '@gatehouse/domain'
import { ADMIN, anOrganization, BILLING, PROD, READ_ONLY, SANDBOX, STAGING } from '@gatehouse/domain/testing'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { outlineOf } from './outline-of.ts'

const CLUSTER = 'acme.example'
const organization = anOrganization()

const rows = fc.subarray([ADMIN, READ_ONLY, BILLING]).chain((sets) =>
  fc.tuple(
    ...sets.map((permissionSet) =>
      fc.record({
        permissionSet: fc.constant(permissionSet),
        granted: fc.boolean(),
        pending: fc.boolean(),
        requestable: fc.boolean(),
        until: fc.constantFrom(undefined, instant('2027-03-01T09:00Z')),
      }),
    ),
  ),
)
const resources = fc
  .tuple(
    ...[PROD, SANDBOX, STAGING].map((account) =>
      fc.record({ organization: fc.constant(organization), account: fc.constant(account), permissionSets: rows }),
    ),
  )
  .map((accounts) => ({ accounts, warning: undefined, isComplete: true }))

/** What the long form says of each row. */
const atLength = ({ account, permissionSets }: AccountResources) =>
  permissionSets.map(({ permissionSet, granted, pending, requestable, until }) => ({
    resourceId: formatResourceId(CLUSTER, {
      account: account.id,
      accountName: account.name,
      permissionSet: permissionSet.arn,
      permissionSetName: permissionSet.name,
    }),
    arn: permissionSet.arn,
    isHeld: granted || pending,
    requestable,
    until: until === undefined ? undefined : formatInstant(until),
  }))

it('says in short what there is at length, page by page', () => {
  fc.assert(
    fc.property(resources, fc.integer({ min: 1, max: 4 }), (all, limit) => {
      const read: unknown[] = []
      let cursor: string | undefined
      do {
        const page = outlineOf(all, { limit, cursor }, CLUSTER)
        for (const { account, offer } of page.items)
          read.push(
            (page.offers[offer] ?? []).map(({ set, access, requestable, until }) => ({
              resourceId: `${page.resourcePrefix}${account}--${page.permissionSets[set]?.resource ?? ''}`,
              arn: page.permissionSets[set]?.arn,
              isHeld: access !== 'requestable',
              requestable,
              until,
            })),
          )
        cursor = page.next
      } while (cursor !== undefined)
      expect(read).toEqual(all.accounts.map(atLength))
    }),
  )
})

it('says once what many accounts offer alike', () => {
  const permissionSets = [ADMIN, READ_ONLY].map((permissionSet) => ({
    permissionSet,
    granted: false,
    pending: false,
    requestable: true,
    until: undefined,
  }))
  const accounts = [PROD, SANDBOX, STAGING].map((account) => ({ organization, account, permissionSets }))
  const page = outlineOf({ accounts, warning: undefined, isComplete: true }, { limit: 10 }, CLUSTER)
  expect(page.offers).toHaveLength(1)
  expect(page.permissionSets.map(({ name }) => name)).toEqual([ADMIN.name, READ_ONLY.name])
})
