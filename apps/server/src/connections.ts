import {
  checkPermissions,
  createIdentityCenter,
  createListProvisionedSets,
  systemCredentials,
  webIdentityCredentials,
} from '@gatehouse/adapter-aws'
import type { TokenIssuer } from '@gatehouse/adapter-oidc'
import { createDirectory } from '@gatehouse/adapter-scim'
import {
  type Clock,
  type Connection,
  createGate,
  createVisitGate,
  type Log,
  type MeteredGate,
  meterCalls,
  type ProbeEnrolment,
  type Secrets,
} from '@gatehouse/application'
import type { Organization } from '@gatehouse/domain'
import { createGates } from './gates.ts'

/** How long a token or a secret may take from our own database. */
const OWN_TIME_MS = 10_000
const SESSION_NAME = 'gatehouse'

export interface Connections {
  readonly connect: (organization: Organization) => Connection
  /** Before an organization is enrolled: the SCIM token is not kept yet. */
  readonly probe: (organization: Organization, scimToken: string) => Connection
  /** While an enrolment is prepared: SCIM plays no part. */
  readonly probeEnrolment: ProbeEnrolment
}

/** Reaches AWS by the SDK and SCIM by HTTP, one gate for each instance's quota. */
export function createConnections(world: {
  readonly secrets: Secrets
  readonly tokenIssuer: TokenIssuer
  readonly clock: Clock
  readonly log: Log
  /** SCIM over plain HTTP: only in development, and only on loopback. */
  readonly allowHttp: boolean
  /** SCIM addresses that are not AWS's may be in private networks. */
  readonly allowPrivate: boolean
}): Connections {
  const gates = createGates(() => meterCalls(createGate({ log: world.log }), world.clock))

  const reach = (organization: Organization, gate: MeteredGate, scimToken: () => Promise<string>): Connection => {
    const { region, instanceArn, identityStoreId } = organization
    const credentials = credentialsFor(organization, world.tokenIssuer)
    const options = { region, instanceArn, identityStoreId, credentials, clock: world.clock }
    return {
      identityCenter: createIdentityCenter({ ...options, gate }),
      visitor: createIdentityCenter({ ...options, gate: createVisitGate(gate) }),
      directory: createDirectory({ ...world, baseUrl: organization.scimUrl, token: scimToken, gate }),
      usage: () => gate.usage(),
    }
  }

  return {
    connect: (organization) =>
      reach(organization, gates.ofEnrolled(organization.instanceArn), () => keptToken(organization, world.secrets)),
    probe: (organization, scimToken) =>
      reach(organization, gates.whileTried(organization.instanceArn), async () => scimToken),
    probeEnrolment(organization) {
      const { region, instanceArn, identityStoreId } = organization
      const { roleArn } = organization.credentials
      const reached = { region, instanceArn, gate: gates.whileTried(instanceArn), clock: world.clock }
      const credentials = credentialsFor(organization, world.tokenIssuer)
      return {
        identityCenter: createIdentityCenter({ ...reached, identityStoreId, credentials }),
        checkPermissions: (signal) => checkPermissions({ ...reached, roleArn, credentials, signal }),
        listProvisionedSets: createListProvisionedSets({ ...reached, credentials }),
      }
    },
  }
}

async function keptToken({ id, name }: Organization, secrets: Secrets): Promise<string> {
  const token = await secrets.scimToken(id, AbortSignal.timeout(OWN_TIME_MS))
  if (token === undefined) throw new Error(`no SCIM token is kept for ${name}`)
  return token
}

function credentialsFor(
  { id, region, credentials }: Organization,
  tokenIssuer: TokenIssuer,
): ReturnType<typeof webIdentityCredentials> {
  const { roleArn } = credentials
  if (credentials.source === 'system') {
    const { externalId } = credentials
    return systemCredentials({
      roleArn,
      region,
      sessionName: SESSION_NAME,
      ...(externalId === undefined ? {} : { externalId }),
    })
  }
  const { audience } = credentials
  const token = (): Promise<string> =>
    tokenIssuer.issueToken({ audience, organization: id }, AbortSignal.timeout(OWN_TIME_MS))
  return webIdentityCredentials({ roleArn, region, sessionName: SESSION_NAME, token })
}
