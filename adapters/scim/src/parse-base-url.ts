import { DomainError } from '@gatehouse/domain'

/** The address without a slash at its end: `//Users` is another path. @throws DomainError `invalid-value` */
export function parseBaseUrl(text: string, allowHttp: boolean): string {
  const invalid = (expected: string): DomainError => new DomainError({ code: 'invalid-value', text, expected })
  const url = URL.parse(text.trim())
  if (!url || url.username || url.password || url.search || url.hash)
    throw invalid('the SCIM endpoint as Identity Center shows it')
  const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && allowHttp && isLoopback(url.hostname))
  if (!isAllowed) throw invalid('an https address')
  return url.href.replace(/\/+$/, '')
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
