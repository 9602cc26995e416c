import { createHash } from 'node:crypto'
import {
  type AccessRequest,
  DomainError,
  type Organization,
  type PermissionSetArn,
  type SetReadings,
  setsToRead,
  shownText,
  type View,
} from '@gatehouse/domain'
import { type IdentityCenter, IdentityCenterError } from '../ports/identity-center.ts'

/** Permission sets as AWS has them now, for whoever is about to decide on them. */
export interface PermissionSetReader {
  /**
   * @param maxAgeMs a reading may be so old; 0: it is begun after this call
   * @throws DomainError `upstream` when AWS can't be read
   */
  read(
    organization: Organization,
    sets: readonly PermissionSetArn[],
    options: { readonly maxAgeMs: number },
    signal: AbortSignal,
  ): Promise<SetReadings>
}

/** Those who look at one request at the same time share a reading. */
export const SHOWN_FOR_MS = 10_000
/** Half of what AWS takes at once stays for others. */
const AT_ONCE = 5

interface Kept {
  readonly at: number
  readonly reading: ReturnType<IdentityCenter['readPermissionSet']>
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
  const readOne = (organization: Organization, arn: PermissionSetArn, maxAgeMs: number, signal: AbortSignal) => {
    const key = `${organization.id}/${arn}`
    const known = kept.get(key)
    if (known && maxAgeMs > 0 && performance.now() - known.at <= maxAgeMs) return known.reading
    const reading = reach(organization).readPermissionSet(arn, { lane: 'just-in-time', signal })
    kept.set(key, { at: performance.now(), reading })
    // A failure is not kept, and told to whoever waits for it.
    reading.catch(() => kept.delete(key))
    return reading
  }

  return {
    async read(organization, sets, { maxAgeMs }, signal) {
      const found = new Map<PermissionSetArn, Awaited<Kept['reading']>>()
      const open = [...sets]
      const work = async (): Promise<void> => {
        for (let arn = open.shift(); arn !== undefined; arn = open.shift())
          found.set(arn, await readOne(organization, arn, maxAgeMs, signal))
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
