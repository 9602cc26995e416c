const HOSTS = ['127.0.0.1', '[::1]', 'localhost']

/** Where a public client may have its answer sent: to itself, on the machine of the browser. */
export function isLoopback(uri: string): boolean {
  const url = URL.canParse(uri) ? new URL(uri) : undefined
  return url?.protocol === 'http:' && HOSTS.includes(url.hostname) && url.hash === '' && url.username === ''
}

/** Ports do not count: clients listen on whichever is free (RFC 8252, 7.3). */
export function isRegistered(uri: string, registered: readonly string[]): boolean {
  return isLoopback(uri) && registered.some((known) => withoutPort(known) === withoutPort(uri))
}

function withoutPort(uri: string): string {
  const url = new URL(uri)
  url.port = ''
  return url.href
}
