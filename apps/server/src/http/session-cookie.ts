import type { FastifyRequest } from 'fastify'

/** With `__Host-` a browser takes the cookie only from this host, over https, for every path: no other host plants one. */
export const cookieName = (isHttps: boolean): string => (isHttps ? '__Host-gatehouse' : 'gatehouse')

/** The cookie's value; of two with that name neither is believed, because one of them was planted. */
export function readCookie(request: Pick<FastifyRequest, 'headers'>, name: string): string | undefined {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
  const [only, another] = found
  return another === undefined ? only?.slice(name.length + 1) : undefined
}

/** Without an end of its own: the server decides when a session has ended. An empty value takes the cookie away. */
export function formatCookie(name: string, value: string, isHttps: boolean): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax', ...(isHttps ? ['Secure'] : [])]
  return [`${name}=${value}`, ...attributes, ...(value === '' ? ['Max-Age=0'] : [])].join('; ')
}

/** Tells one browser from another while it signs in somewhere; by itself it lets nobody do anything. */
export const browserCookieName = (isHttps: boolean): string =>
  isHttps ? '__Host-gatehouse-browser' : 'gatehouse-browser'

const DAY_SECONDS = 86_400

/** Sent along when another site posts its request, so that one browser keeps one value; without https there is no such. */
export function formatBrowserCookie(name: string, value: string, isHttps: boolean): string {
  const site = isHttps ? ['SameSite=None', 'Secure'] : ['SameSite=Lax']
  return [`${name}=${value}`, 'Path=/', 'HttpOnly', `Max-Age=${DAY_SECONDS}`, ...site].join('; ')
}
