/** Where to go after signing in: only a path of this very site, so that nobody is sent on to a look-alike. */
export function parseReturnPath(text: string | undefined, publicAddress: string): string {
  // A browser reads `//host` and `/\host` as another host, and drops tabs and line ends first: printable ASCII only.
  if (text === undefined || text.length > 2048 || !/^\/(?![/\\])[!-[\]-~]*$/.test(text)) return '/'
  if (!URL.canParse(text, publicAddress)) return '/'
  const url = new URL(text, publicAddress)
  // `/.//host` has become `//host`.
  if (url.origin !== new URL(publicAddress).origin || url.pathname.startsWith('//')) return '/'
  return url.pathname === '/sign-in' ? '/' : `${url.pathname}${url.search}${url.hash}`
}
