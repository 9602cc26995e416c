import type { IdentityCenterFailure } from '@gatehouse/application'

type Trouble =
  | IdentityCenterFailure
  | 'scim-token'
  | 'management-account'
  | 'role'
  | 'clock'
  | 'no-credentials'
  | 'quota'
  | 'closed-account'

const REMEDIES: Readonly<Record<Trouble, string>> = {
  throttled: 'AWS has too much to do. Nothing needs to be done: it is tried again more slowly.',
  busy: 'AWS has too much to do. Nothing needs to be done: it is tried again more slowly.',
  conflict: 'AWS is at work on the same thing. Nothing needs to be done: it is tried again.',
  'access-denied':
    'The role lacks a permission in AWS, or AWS forbids it by a policy of the organization: check the role at the first step of the enrolment.',
  'scim-token':
    'AWS refuses the SCIM token: put another in its place ("tctl plugins rotate", or the settings of the organization).',
  'management-account':
    'It is about the management account, which takes optional permissions of the role: tick them at the first step of the enrolment and run its script again.',
  role: 'AWS does not let Gatehouse take the role: run the script of the first step of the enrolment again, and check the role there.',
  clock: 'AWS does not take the signature of the request: check the clock of the server, and its credentials.',
  'no-credentials': 'Gatehouse has no credentials that AWS takes: check where it gets them from; its log says more.',
  'expired-credentials':
    'The credentials for AWS have expired. Renew them where Gatehouse gets them from; its log says more.',
  'not-found':
    'AWS does not know the account, the permission set or the principal any more. The next reading takes note of it.',
  'name-taken': 'AWS has another of that name. Rename one of the two, or link it: "tctl plugins link".',
  quota: 'A quota of AWS is used up. Ask AWS for a higher one, or take away what is not needed.',
  'closed-account': 'The account is closed, being closed or suspended in AWS: it can be done once it is active again.',
  invalid: 'AWS does not take a value: its text names which. Change it here, such as the name of the user or list.',
  unavailable:
    'AWS could not be reached, or answered with a failure of its own. Nothing needs to be done, unless it lasts: it is tried again. If it lasts, check the network, names and certificates of the server.',
}

const ANYTHING_ELSE = 'It is tried again by itself. If it stays, what AWS said is what has to be put right.'

/** What AWS's own names of errors mean, where that is all that is known. */
const NAMES: readonly (readonly [name: RegExp, trouble: Trouble])[] = [
  [/^(?:Throttl\w*|TooManyRequests\w*|RequestLimitExceeded|RequestThrottled\w*|SlowDown)$/, 'throttled'],
  [/^(?:Conflict|ConcurrentModification)Exception$/, 'conflict'],
  [/^(?:ExpiredToken|ExpiredTokenException|TokenRefreshRequired)$/, 'expired-credentials'],
  [/^(?:InvalidIdentityToken|IDPRejectedClaim)(?:Exception)?$/, 'role'],
  [/^(?:InvalidSignatureException|SignatureDoesNotMatch|RequestTimeTooSkewed|RequestExpired)$/, 'clock'],
  [/^(?:CredentialsProviderError|UnrecognizedClientException|InvalidClientTokenId|MissingAuth\w+)$/, 'no-credentials'],
  [/^(?:AccessDenied|AccessDeniedException|UnauthorizedException|RegionDisabledException)$/, 'access-denied'],
  [/^\w*NotFoundException$|^AWSOrganizationsNotInUseException$/, 'not-found'],
  [/^ServiceQuotaExceededException$|^LimitExceededException$/, 'quota'],
  [/^(?:Validation|InvalidInput)Exception$/, 'invalid'],
  [
    /^(?:TimeoutError|AbortError|SyntaxError|ServiceUnavailable\w*|Internal\w*|IDPCommunicationError\w*)$/,
    'unavailable',
  ],
]

/** Texts that are no server's but Node's and our own, after the name of the operation. */
const OWN_TEXTS: readonly (readonly [text: RegExp, trouble: Trouble])[] = [
  [
    /^(?:Error: )?(?:getaddrinfo |connect |read |write )?(?:ECONN\w+|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|E(?:HOST|NET)UNREACH|EPROTO)\b/,
    'unavailable',
  ],
  [/^(?:Error: )?(?:other side closed|socket hang up|fetch failed|terminated|no answer|network error)/i, 'unavailable'],
  [/^(?:Error: )?(?:\w+ )*(?:certificate|timed? ?out|timeout|handshake)\b/i, 'unavailable'],
  [/^the (?:answer|server|list|page's token) /, 'unavailable'],
  [/^the SCIM token /, 'scim-token'],
  [/^AWS does not know the member/, 'not-found'],
  [/(?: is empty| holds a control character)$/, 'invalid'],
]

/** What to do about a call that AWS refused, by what is known of the failure, or else by the name or status that its text begins with. */
export function remedyOf(error: string, failure?: IdentityCenterFailure): string {
  const told = parse(error)
  const trouble = failure ? (within(failure, told) ?? failure) : troubleOf(told)
  if (!trouble) return ANYTHING_ELSE
  const lacking = trouble === 'access-denied' ? lackingAction(told) : undefined
  if (lacking !== undefined)
    return `The role lacks a permission in AWS: add ${lacking} to it, or run the script of the first step of the enrolment again.`
  return REMEDIES[isAboutClosedAccount(trouble, told) ? 'closed-account' : trouble]
}

/** An explicit deny is a policy's: no permission of the role changes that. */
const lackingAction = ({ text }: Told): string | undefined =>
  /explicit deny/i.test(text) ? undefined : /not authorized to perform: ([a-z-]+:\w+)/.exec(text)?.[1]

interface Told {
  readonly operation: string
  /** Of AWS's error; absent where the text has none. */
  readonly name: string | undefined
  /** Of an HTTP answer. */
  readonly status: number | undefined
  /** The answer was one of the SCIM server. */
  readonly isScim: boolean
  readonly text: string
}

/** `Operation: Name: text`, `Operation: 4xx text` of SCIM, or what AWS says of work that it has taken: `Received a 4xx status error: text`. */
function parse(error: string): Told {
  const late = /^Received an? (\d{3}) status error/.exec(error)
  if (late) return { operation: '', name: undefined, status: Number(late[1]), isScim: false, text: error }
  const [, operation = '', text = error] = /^(\w+): (.*)$/s.exec(error) ?? []
  const status = /^(\d{3})(?: |$)/.exec(text)?.[1]
  const name = /^(\w+): /.exec(text)?.[1]
  return {
    operation,
    name: name === 'Error' ? undefined : name,
    status: status === undefined ? undefined : Number(status),
    isScim: status !== undefined,
    text,
  }
}

function troubleOf(told: Told): Trouble | undefined {
  const { name, status, text } = told
  const named = name === undefined ? undefined : NAMES.find(([one]) => one.test(name))?.[1]
  if (named) return within(named, told) ?? named
  if (status !== undefined) {
    const kind = ofStatus(told)
    return within(kind, told) ?? kind
  }
  if (/^A (?:user|group) ".*" exists in Identity Center and is not ours\.$/.test(text)) return 'name-taken'
  return OWN_TEXTS.find(([one]) => one.test(text))?.[1]
}

function ofStatus({ status = 0, isScim }: Told): IdentityCenterFailure {
  if (status === 401 || status === 403) return 'access-denied'
  if (status === 404) return 'not-found'
  if (status === 409) return isScim ? 'name-taken' : 'conflict'
  if (status === 429) return 'throttled'
  return status >= 500 ? 'unavailable' : 'invalid'
}

/** What it is more exactly, once it is known what kind of failure it is. */
function within(kind: Trouble, { operation, name = '', status, isScim, text }: Told): Trouble | undefined {
  const named = NAMES.find(([one]) => one.test(name))?.[1]
  const isAboutToken = text.startsWith('the SCIM token ')
  if (kind === 'access-denied') {
    if (isScim || isAboutToken) return 'scim-token'
    if (named === 'role' || named === 'clock' || named === 'no-credentials') return named
    if (operation.startsWith('AssumeRole')) return 'role'
    return text.includes('not authorized to perform: iam:') ? 'management-account' : undefined
  }
  if (kind !== 'invalid') return undefined
  if (named === 'quota' || (isScim && status === 402)) return 'quota'
  if (text.startsWith('AWS does not know the member')) return 'not-found'
  return isAboutToken ? 'scim-token' : undefined
}

/** AWS has no name for it. */
const isAboutClosedAccount = (trouble: Trouble, { name, status, isScim, text }: Told): boolean =>
  (trouble === 'invalid' || trouble === 'conflict' || trouble === 'access-denied' || trouble === 'not-found') &&
  !isScim &&
  (name !== undefined || status !== undefined) &&
  /\baccount (?:\d{12} )?(?:is|was|has been) (?:suspended|closed|being closed|pending[ _]closure)\b/i.test(text)
