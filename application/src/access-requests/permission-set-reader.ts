import { createHash } from 'node:crypto'
import {
  type AccessRequest,
  DomainError,
  type Instant,
  type Organization,
  type OrganizationId,
  type PermissionSetArn,
  type PermissionSetReading,
  type SetReadings,
  setsToRead,
  shownText,
  toCanonicalJson,
  type View,
  viewOfSet,
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
    options: ReadOptions,
    signal: AbortSignal,
  ): Promise<SetReadings>
  /**
   * The same one by one, a few at a time and in this order: what can't be read keeps nobody from the rest. Each fails with
   * DomainError `upstream`.
   */
  readEach(
    organization: Organization,
    sets: readonly PermissionSetArn[],
    options: ReadOptions,
    signal: AbortSignal,
  ): ReadonlyMap<PermissionSetArn, Promise<PermissionSetReading | undefined>>
}

export interface ReadOptions {
  readonly maxAgeMs: number
  readonly lane?: CallOptions['lane']
  /** How long one set may take. */
  readonly timeoutMs?: number
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

/** One organization as it was when it was connected to, and what was read there. */
interface Connected {
  readonly createdAt: Instant
  readonly revision: number
  readonly identityCenter: IdentityCenter
  readonly kept: Map<PermissionSetArn, Kept>
}

export function createPermissionSetReader(
  connect: (organization: Organization) => { readonly identityCenter: IdentityCenter },
): PermissionSetReader {
  const connections = new Map<OrganizationId, Connected>()

  /** One that was enrolled again is another one, whatever its name. */
  const reach = (organization: Organization): Connected => {
    const { id, createdAt, revision } = organization
    const known = connections.get(id)
    if (known?.createdAt === createdAt && known.revision >= revision) return known
    const connected = {
      createdAt,
      revision,
      identityCenter: connect(organization).identityCenter,
      kept: new Map<PermissionSetArn, Kept>(),
    }
    connections.set(id, connected)
    return connected
  }
  const readOne = (
    organization: Organization,
    arn: PermissionSetArn,
    { maxAgeMs, lane = 'just-in-time', timeoutMs = READ_TIMEOUT_MS }: ReadOptions,
  ) => {
    const { identityCenter, kept } = reach(organization)
    const known = kept.get(arn)
    if (known && maxAgeMs > 0 && performance.now() - known.at <= maxAgeMs) return known.reading
    // Several may wait for it: it does not end because the first of them has gone.
    const own = AbortSignal.timeout(timeoutMs)
    const reading = identityCenter.readPermissionSet(arn, { lane, signal: own }).catch(nothingIfGone)
    kept.set(arn, { at: performance.now(), reading })
    // A failure is not kept, and told to whoever waits for it.
    reading.catch(() => kept.delete(arn))
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

  const readEach: PermissionSetReader['readEach'] = (organization, sets, options, signal) => {
    const open = [...new Set(sets)].map((arn) => ({
      arn,
      ...Promise.withResolvers<PermissionSetReading | undefined>(),
    }))
    const readings = new Map(open.map(({ arn, promise }) => [arn, promise]))
    // Not everybody waits for all of them.
    for (const promise of readings.values()) promise.catch(() => undefined)
    const begin = async (arn: PermissionSetArn) => {
      signal.throwIfAborted()
      return untilGone(readOne(organization, arn, options), signal)
    }
    const work = async (): Promise<void> => {
      for (let next = open.shift(); next !== undefined; next = open.shift())
        await begin(next.arn).catch(asProblem).then(next.resolve, next.reject)
    }
    for (let worker = 0; worker < AT_ONCE; worker++) void work()
    return readings
  }
  return {
    readEach,
    async read(organization, sets, options, signal) {
      const stop = new AbortController()
      const readings = readEach(organization, sets, options, AbortSignal.any([signal, stop.signal]))
      try {
        const all = [...readings].map(async ([arn, reading]) => [arn, await reading] as const)
        return new Map(await Promise.all(all))
      } finally {
        // Without one of them the others are worth nothing.
        stop.abort()
      }
    },
  }
}

function asProblem(error: unknown): never {
  throw error instanceof IdentityCenterError ? unreadable(error) : error
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
  const readings = await readSets(ports, sets, view, { maxAgeMs }, signal)
  return { hash: hashOfShown(request, view, readings), readings }
}

/** Sets of several organizations, each read where it is: one of an organization that has gone is there no more. */
async function readSets(
  { permissionSets }: { readonly permissionSets: PermissionSetReader },
  sets: readonly PermissionSetArn[],
  view: View,
  options: ReadOptions,
  signal: AbortSignal,
): Promise<SetReadings> {
  const parts = [...setsByOrganization(sets, view)].map(async ([organization, some]): Promise<SetReadings> =>
    organization
      ? permissionSets.read(organization, some, options, signal)
      : new Map(some.map((arn) => [arn, undefined])),
  )
  return new Map((await Promise.all(parts)).flatMap((readings) => [...readings]))
}

/** The same with `readEach`. */
export const readEachSet = (
  { permissionSets }: { readonly permissionSets: PermissionSetReader },
  sets: readonly PermissionSetArn[],
  view: View,
  options: ReadOptions,
  signal: AbortSignal,
): ReturnType<PermissionSetReader['readEach']> => {
  const parts = [...setsByOrganization(sets, view)].map(([organization, some]) =>
    organization
      ? permissionSets.readEach(organization, some, options, signal)
      : new Map(some.map((arn) => [arn, Promise.resolve(undefined)])),
  )
  return new Map(parts.flatMap((readings) => [...readings]))
}

const setsByOrganization = (sets: readonly PermissionSetArn[], view: View) =>
  Map.groupBy(sets, (arn) => viewOfSet(arn, view)?.organization)

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
