import {
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-organizations'
import {
  type CallOptions,
  type Clock,
  type IdentityCenter,
  IdentityCenterError,
  type UnitPath,
} from '@gatehouse/application'
import type { AccountId, OrganizationalUnit } from '@gatehouse/domain'
import type { AwsOperation, CallAws } from './call-aws.ts'
import { isNotAvailable, REMEMBER_MISSING_PERMISSION } from './classify-error.ts'
import { parseAccount, parseId, parseTags, parseUnit, rowsOf } from './parse-answers.ts'
import { readPages } from './read-pages.ts'

type Reads = Pick<IdentityCenter, 'listAccounts' | 'listOrganizationalUnits' | 'listAccountsInUnit' | 'listAccountTags'>

/** Organizations API Reference: the largest page. */
const ROWS_PER_PAGE = 20
/** Organizations User Guide, "Quotas": organizational units nest five deep; a server that nests deeper has no end. */
const DEEPEST = 50

/** Accounts, and where the optional permissions are given, their organizational units by name and their tags. */
export function accountReads(options: {
  readonly callAws: CallAws
  /** Known once the instance has been described. */
  readonly ownerAccount: () => string | undefined
  readonly clock: Clock | undefined
}): Reads {
  const { callAws, ownerAccount, clock } = options
  const ifPermitted = rememberRefusals(() => clock?.now() ?? Date.now())

  const listUnitsIn = (parent: string, call: CallOptions): Promise<readonly OrganizationalUnit[]> => {
    const operation = read('ListOrganizationalUnitsForParent')
    return readPages(operation.name, async (NextToken) => {
      const input = { ParentId: parent, NextToken, MaxResults: ROWS_PER_PAGE }
      const command = new ListOrganizationalUnitsForParentCommand(input)
      const page = await callAws(operation, call, ({ organizations }, send) => organizations.send(command, send))
      const rows = rowsOf(operation.name, page.OrganizationalUnits)
      return { rows: rows.map((row) => parseUnit(operation.name, row)), next: page.NextToken }
    })
  }
  const listRoots = (call: CallOptions): Promise<readonly OrganizationalUnit[]> => {
    const operation = read('ListRoots')
    return readPages(operation.name, async (NextToken) => {
      const command = new ListRootsCommand({ NextToken, MaxResults: ROWS_PER_PAGE })
      const page = await callAws(operation, call, ({ organizations }, send) => organizations.send(command, send))
      const rows = rowsOf(operation.name, page.Roots)
      return { rows: rows.map((row) => parseUnit(operation.name, row)), next: page.NextToken }
    })
  }

  return {
    async listAccounts(call) {
      const operation = read('ListAccounts')
      const rows = await readPages(operation.name, async (NextToken) => {
        const command = new ListAccountsCommand({ NextToken, MaxResults: ROWS_PER_PAGE })
        const page = await callAws(operation, call, ({ organizations }, send) => organizations.send(command, send))
        return { rows: rowsOf(operation.name, page.Accounts), next: page.NextToken }
      })
      return rows.map((row) => parseAccount(row, ownerAccount()))
    },

    listOrganizationalUnits: (call) =>
      ifPermitted('units', async () => {
        const found: UnitPath[] = (await listRoots(call)).map((root): UnitPath => [root])
        // What is found is walked through while it grows: each unit once, its parents before it.
        for (const path of found) {
          if (path.length > DEEPEST) throw endless()
          for (const unit of await listUnitsIn(path[0].id, call)) {
            if (path.some(({ id }) => id === unit.id)) throw endless()
            found.push([unit, ...path])
          }
        }
        return found
      }),

    async listAccountsInUnit(unit, call) {
      const operation = read('ListAccountsForParent')
      const rows = await readPages(operation.name, async (NextToken) => {
        const input = { ParentId: unit, NextToken, MaxResults: ROWS_PER_PAGE }
        const command = new ListAccountsForParentCommand(input)
        const page = await callAws(operation, call, ({ organizations }, send) => organizations.send(command, send))
        return { rows: rowsOf(operation.name, page.Accounts), next: page.NextToken }
      })
      return rows.map(({ Id }) => parseId(operation.name, 'account id', Id) as AccountId) // opaque from AWS
    },

    listAccountTags: (account, call) =>
      ifPermitted('tags', async () => {
        const operation = read('ListTagsForResource')
        const rows = await readPages(operation.name, async (NextToken) => {
          const command = new ListTagsForResourceCommand({ ResourceId: account, NextToken })
          const page = await callAws(operation, call, ({ organizations }, send) => organizations.send(command, send))
          return { rows: rowsOf(operation.name, page.Tags), next: page.NextToken }
        })
        return parseTags(rows)
      }),
  }
}

const endless = () =>
  new IdentityCenterError('unavailable', 'ListOrganizationalUnitsForParent', 'The organizational units have no end')

const read = (name: string): AwsOperation => ({ service: 'organizations', name, effect: 'read' })

/** An optional operation that was refused is not asked for again until some time has passed. */
function rememberRefusals(now: () => number) {
  const notBefore = new Map<string, number>()
  return async <T>(what: 'units' | 'tags', work: () => Promise<T>): Promise<T | undefined> => {
    if (now() < (notBefore.get(what) ?? Number.NEGATIVE_INFINITY)) return undefined
    try {
      return await work()
    } catch (error) {
      if (!isNotAvailable(error)) throw error
      notBefore.set(what, now() + REMEMBER_MISSING_PERMISSION)
      return undefined
    }
  }
}
