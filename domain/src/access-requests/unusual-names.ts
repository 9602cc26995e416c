import type { View } from '../desired-state/view.ts'
import { grantOfKey } from '../identity-center/account-assignment.ts'
import type { AccessRequest } from './access-request.ts'
import { grantsAskedFor } from './shown.ts'

/** Everything but printable ASCII: what may look like something that it is not. */
// oxlint-disable-next-line no-control-regex -- names outside ASCII are what is looked for
const UNUSUAL = /[^\u0020-\u007e]/gu

/**
 * Names in a request that hold letters which may look like others (Cyrillic `о` for `o`) or that are not seen at all. An
 * approver is told, with those letters written as what they are.
 */
export function unusualNames(request: AccessRequest, view: View): readonly string[] {
  const { accounts, permissionSets } = view.catalogue
  const grants = grantsAskedFor(request, view).map(grantOfKey)
  const named = [
    ...[...new Set(grants.map(({ account }) => account))].map((id) => ['account', accounts.get(id)?.name ?? '', id]),
    ...[...new Set(grants.map(({ permissionSet }) => permissionSet))].map((arn) => [
      'permission set',
      permissionSets.get(arn)?.name ?? '',
      arn,
    ]),
    ...request.roles.map(({ name }) => ['role', name, '']),
    ['user', view.userById.get(request.user)?.name ?? '', ''],
  ] as const
  return named.flatMap(([what, name, id]) => {
    const escaped = name?.replaceAll(UNUSUAL, (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`)
    if (name === undefined || escaped === name) return []
    return [`The name of the ${what} ${escaped}${id ? ` (${id})` : ''} holds letters that may look like others.`]
  })
}
