import type { ResourceView } from '@gatehouse/api'
import type { AccountResources } from '@gatehouse/application'

/** The portal's own address form (governance facts, 2.11, "Start URL"). */
export function atAccount(portalUrl: string, account: string): string {
  const base = portalUrl.replace(/[#?].*$/, '').replace(/\/+$/, '')
  return base.includes('/directory/')
    ? `${base}#/console?account_id=${account}`
    : `${base}/#/console?account_id=${account}`
}

export const accessOf = ({
  granted,
  pending,
}: Pick<
  AccountResources['permissionSets'][number],
  'granted' | 'pending'
>): ResourceView['permissionSets'][number]['access'] => {
  if (granted) return 'granted'
  return pending ? 'pending' : 'requestable'
}
