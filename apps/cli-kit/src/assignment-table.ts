import type { AccessRequestDetailView } from '@gatehouse/api'
import { table } from './table.ts'

/** What a request gives, and how far each account assignment has come in AWS. */
export const assignmentTable = (assignments: AccessRequestDetailView['assignments']): string =>
  table(
    ['Account', 'Account ID', 'Permission Set', 'State', 'Since', 'Reason'],
    assignments.map(({ accountName, account, permissionSet, state, at = '-', sessionsEndBy, reason = '' }) => [
      accountName,
      account,
      permissionSet,
      state,
      at,
      sessionsEndBy === undefined
        ? reason
        : `no new credentials; those issued before end by ${sessionsEndBy} at the latest`,
    ]),
  )
