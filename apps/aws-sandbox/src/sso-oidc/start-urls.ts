import type { World } from '../world/world.ts'

/**
 * Whether an address is this organization's access portal: the usual one, the two regional forms, or the page of the
 * sandbox itself. Clients write it with and without `#`, a slash at the end or `/start`.
 */
export function isStartUrl(world: World, text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, host, pathname } = new URL(text)
  const path = pathname.replace(/\/+$/, '')
  const home = world.home()
  const instance = home.instanceArn.split('/').at(-1) ?? ''
  const regional = [`${instance}.portal.${home.region}.app.aws`, `${instance}.${home.region}.portal.amazonaws.com`]
  if (protocol === 'https:' && regional.includes(host)) return path === '' || path === '/start'
  const usual = new URL(home.startUrl)
  const isUsual = protocol === usual.protocol && host === usual.host
  const isOwn = `${protocol}//${host}` === world.publicUrl()
  return (isUsual || isOwn) && path === '/start'
}
