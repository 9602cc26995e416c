import { usageError } from './exit-codes.ts'

/**
 * A server's address as people type it: `gatehouse.example.org`, `https://…`, `http://localhost:3080`.
 * @throws CliError for anything that is not one, and for plain http to another machine: a password would go with it.
 */
export function parseServerAddress(text: string): string {
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  if (!URL.canParse(address)) throw wrong(text)
  const url = new URL(address)
  if ((url.protocol !== 'https:' && url.protocol !== 'http:') || url.hostname === '' || url.username !== '')
    throw wrong(text)
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw usageError(
      `${url.origin} is a plain http address of another machine: anybody on the way could read the password.`,
      'Use the https address of the server.',
    )
  return url.origin
}

const wrong = (text: string) =>
  usageError(`"${text}" is not the address of a server.`, 'Enter one such as https://gatehouse.example.org.')

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
