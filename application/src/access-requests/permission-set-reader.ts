import { createHash } from 'node:crypto'
import {
  type AccessRequest,
  DomainError,
  type Organization,
  type PermissionSetArn,
  type PermissionSetReading,
  type SetReadings,
  setsToRead,
  shownText,
  toCanonicalJson,
  type View,
} from '@gatehouse/domain'
import { type CallOptions, type IdentityCenter, IdentityCenterError } from '../ports/identity-center.ts'

/** Permission sets as AWS has them now, for whoever is about to decide on them. */
export interface PermissionSetReader {
  /**
   * @param maxAgeMs a reading may be so old; 0: it is begun after this call
   * @throws DomainError `upstream` when AWS can't be read
   */
  read(
    organization: Organization,
    sets: readonly PermissionSetArn[],
    options: { readonly maxAgeMs: number; readonly lane?: CallOptions['lane'] },
    signal: AbortSignal,
  ): Promise<SetReadings>
}

/** Those who look at one request at the same time share a reading. */
export const SHOWN_FOR_MS = 10_000
const READ_TIMEOUT_MS = 25_000
/** Half of what AWS takes at once stays for others. */
const AT_ONCE = 5

interface Kept {
  readonly at: number
  readonly reading: Promise<PermissionSetReading | undefined>
}

export function createPermissionSetReader(
  connect: (organization: Organization) => { readonly identityCenter: IdentityCenter },
): PermissionSetReader {
  const connections = new Map<string, IdentityCenter>()
  const kept = new Map<string, Kept>()

  const reach = (organization: Organization): IdentityCenter => {
    const key = `${organization.id}/${organization.revision}`
    const known = connections.get(key) ?? connect(organization).identityCenter
    connections.set(key, known)
    return known
  }
  const readOne = (
    organization: Organization,
    arn: PermissionSetArn,
    { maxAgeMs, lane = 'just-in-time' }: Parameters<PermissionSetReader['read']>[2],
  ) => {
    const key = `${organization.id}/${arn}`
    const known = kept.get(key)
    if (known && maxAgeMs > 0 && performance.now() - known.at <= maxAgeMs) return known.reading
    // Several may wait for it: it does not end because the first of them has gone.
    const own = AbortSignal.timeout(READ_TIMEOUT_MS)
    const reading = reach(organization).readPermissionSet(arn, { lane, signal: own }).catch(nothingIfGone)
    kept.set(key, { at: performance.now(), reading })
    // A failure is not kept, and told to whoever waits for it.
    reading.catch(() => kept.delete(key))
    return reading
  }
  /** Whoever has gone waits no longer. */
  const untilGone = async <T>(reading: Promise<T>, signal: AbortSignal): Promise<T> => {
    signal.throwIfAborted()
    const gone = Promise.withResolvers<never>()
    const leave = (): void => gone.reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    try {
      return await Promise.race([reading, gone.promise])
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }

  return {
    async read(organization, sets, options, signal) {
      const found = new Map<PermissionSetArn, Awaited<Kept['reading']>>()
      const open = [...sets]
      const work = async (): Promise<void> => {
        for (let arn = open.shift(); arn !== undefined; arn = open.shift())
          found.set(arn, await untilGone(readOne(organization, arn, options), signal))
      }
      try {
        await Promise.all(Array.from({ length: AT_ONCE }, work))
      } catch (error) {
        if (!(error instanceof IdentityCenterError)) throw error
        throw unreadable(error)
      }
      return found
    },
  }
}

function nothingIfGone(error: unknown): undefined {
  if (!(error instanceof IdentityCenterError) || error.failure !== 'not-found') throw error
}

const unreadable = (cause: IdentityCenterError): DomainError =>
  new DomainError(
    {
      code: 'upstream',
      service: 'AWS',
      message: `The permission sets could not be read (${cause.message}), so nobody can say what would be approved.`,
      remedy: 'Try again in a moment. If it goes on, have an administrator look at "tctl status".',
    },
    { cause },
  )

/** What there is to see of a request now: what an approval is bound to. */
export interface Shown {
  readonly hash: string
  readonly readings: SetReadings
}

/** @throws DomainError `upstream` */
export async function readShown(
  ports: { readonly permissionSets: PermissionSetReader },
  request: AccessRequest,
  { view, maxAgeMs }: { readonly view: View; readonly maxAgeMs: number },
  signal: AbortSignal,
): Promise<Shown> {
  const sets = setsToRead(request, view)
  const readings =
    sets.length === 0 ? new Map() : await ports.permissionSets.read(view.organization, sets, { maxAgeMs }, signal)
  return { hash: hashOfShown(request, view, readings), readings }
}

/** SHA-256 in hexadecimal digits. */
export const hashOfShown = (request: AccessRequest, view: View, readings: SetReadings): string =>
  createHash('sha256')
    .update(shownText(request, view, readings))
    .digest('hex')

/** Remembers with approved access what each of its permission sets is. */
export function rememberingSets<R extends AccessRequest>(request: R, readings: SetReadings): R {
  if (request.state !== 'approved' || request.checkedAt === undefined) return request
  const known = [...readings].flatMap(([arn, reading]) => (reading ? [[arn, hashOfSet(reading)] as const] : []))
  return { ...request, approvedSets: Object.fromEntries(known) }
}

/** Two hashes: of the set, and of its policies where they could be read. */
export const hashOfSet = ({ policies, ...set }: PermissionSetReading): string =>
  `${hashOf(set)}:${policies ? hashOf(policies) : ''}`

const hashOf = (value: object): string => createHash('sha256').update(toCanonicalJson(value)).digest('hex')

/** Says whether two such hashes are of different sets; policies that could not be read once differ from nothing. */
export function areDifferent(a: string, b: string): boolean {
  const [setA, policiesA] = a.split(':')
  const [setB, policiesB] = b.split(':')
  return setA !== setB || (policiesA !== '' && policiesB !== '' && policiesA !== policiesB)
}
