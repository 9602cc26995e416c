/** Why AWS would not take an address as that of an OpenID Connect provider, and what mends it. */
export interface AddressProblem {
  readonly code: 'not-an-address' | 'not-https' | 'port' | 'extra' | 'too-long' | 'upper-case' | 'not-public'
  readonly message: string
  readonly remedy: string
}

/**
 * What keeps AWS from taking the public address as an issuer (IAM API Reference, "CreateOpenIDConnectProvider": https, no
 * port, no query, up to 255 characters; IAM User Guide: reachable from the Internet). Nothing for one that it takes.
 */
export function problemsOfIssuer(address: string): readonly AddressProblem[] {
  const url = URL.parse(address)
  if (!url) return [problem('not-an-address', 'The public address is no address.', 'Set publicAddress to one.')]
  const problems: AddressProblem[] = []
  if (url.protocol !== 'https:')
    problems.push(problem('not-https', 'AWS takes https addresses only.', 'Put Gatehouse behind https.'))
  // The default port, too, would be part of the name that the token has to match.
  if (/^[a-z]+:\/\/[^/]*:\d*(\/|$)/i.test(address))
    problems.push(
      problem('port', 'AWS takes no address with a port.', 'Serve Gatehouse on port 443, and leave it out.'),
    )
  if (url.username || url.password || url.search || url.hash)
    problems.push(
      problem('extra', 'AWS takes a host and a path, nothing else.', 'Leave out user, password, "?" and "#".'),
    )
  if (address.length > LONGEST)
    problems.push(problem('too-long', `AWS takes at most ${LONGEST} characters.`, 'Choose a shorter address.'))
  if (/[A-Z]/.test(hostIn(address)))
    problems.push(problem('upper-case', 'AWS compares the host letter by letter.', 'Write the host in lower case.'))
  if (isPrivate(url.hostname))
    problems.push(
      problem(
        'not-public',
        `AWS can not reach "${url.hostname}" from the Internet.`,
        'Give Gatehouse a public name whose /.well-known and key set AWS can read.',
      ),
    )
  return problems
}

/** IAM API Reference, "CreateOpenIDConnectProvider". */
const LONGEST = 255

const problem = (code: AddressProblem['code'], message: string, remedy: string): AddressProblem => ({
  code,
  message,
  remedy,
})

const hostIn = (address: string): string => /^[^:]+:\/\/([^/?#]*)/.exec(address)?.[1] ?? ''

/** Names that public DNS does not have (RFC 6761, RFC 6762, ICANN's .internal) and addresses of private networks. */
const isPrivate = (host: string): boolean =>
  !host.includes('.') ||
  /(^|\.)(localhost|local|internal|lan|home\.arpa|test|invalid)$/.test(host) ||
  /^(0|10|127)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\./.test(host)
