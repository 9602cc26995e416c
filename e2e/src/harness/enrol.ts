import type { GatehouseClient, OrganizationStatusView, OrganizationView } from '@gatehouse/api'
import type { Sandbox } from './sandbox.ts'
import type { Server } from './server.ts'
import { setUpAws } from './set-up-aws.ts'
import { waitFor } from './wait-for.ts'

export interface Enrolment {
  /** Of an editor. */
  readonly client: GatehouseClient
  readonly server: Pick<Server, 'url'>
  readonly sandbox: Sandbox
  /** Who owns the lists made from AWS groups. */
  readonly owner: string
  readonly organization?: string
}

export const ORGANIZATION = 'aws-identity-center'
const INTEGRATION = 'aws-oidc'
const ROLE = 'GatehouseIdentityCenter'
const ADOPTED_WITHIN_MS = 120_000

/** Makes the AWS side; safe to repeat, and needed again when the server's address is another one. */
export async function prepareAws({ client, server, sandbox, organization = ORGANIZATION }: Enrolment): Promise<string> {
  const { region } = sandbox
  const { audience } = await client.makeSetupScript({
    body: { organization, integration: INTEGRATION, role: ROLE, region },
  })
  return setUpAws(sandbox, {
    issuer: server.url,
    audience,
    roleName: ROLE,
    region,
    organizationId: organization,
    integrationName: INTEGRATION,
    extras: { batchPolling: true, permissionSetContents: true, organizationDetails: true },
  })
}

/** Enrols the sandbox's organization, which then is in shadow mode: read and planned, nothing written. */
export async function enrol(enrolment: Enrolment): Promise<OrganizationView> {
  const { client, sandbox, owner, organization = ORGANIZATION } = enrolment
  const roleArn = await prepareAws(enrolment)
  return client.installOrganization({
    body: {
      name: organization,
      region: sandbox.region,
      instanceArn: sandbox.instanceArn,
      credentials: { source: 'oidc', integration: INTEGRATION, roleArn },
      scimUrl: sandbox.scimUrl,
      scimToken: sandbox.scimToken,
      defaultOwners: [owner],
      startUrl: sandbox.startUrl,
      portalUrl: sandbox.portalUrl,
    },
  })
}

/** Waits until AWS has been read and what it holds has been adopted. `look` sees the status each time. */
export function untilAdopted(
  client: GatehouseClient,
  look: (status: OrganizationStatusView) => void = () => {},
  organization = ORGANIZATION,
): Promise<OrganizationStatusView> {
  return waitFor(
    'the first sweep and the adoption',
    async () => {
      const status = await client.getOrganizationStatus({ params: { name: organization } })
      look(status)
      return status.adopted && !status.sweep.running && status.sweep.lastAt !== undefined ? status : undefined
    },
    { withinMs: ADOPTED_WITHIN_MS, everyMs: 100 },
  )
}
