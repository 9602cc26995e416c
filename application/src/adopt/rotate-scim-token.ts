import { auditEvent, DomainError, type Organization, type OrganizationId } from '@gatehouse/domain'
import { tryScim } from '../enrol/test-connection.ts'
import type { EnrolmentPorts } from '../enrol/enrolment-ports.ts'
import { type Actor, actingAs, demand } from '../governance/actor.ts'
import { readView, viewOfOrganization } from '../governance/read-view.ts'
import { pluginFields } from './plugin-fields.ts'

export interface RotateScimTokenCommand {
  readonly actor: Actor
  readonly organization: OrganizationId
  readonly scimToken: string
  /** Takes the token without trying it. */
  readonly untested?: boolean
}

/**
 * Puts a new SCIM token in the place of the present one, which goes on until the new one has been tried.
 * @throws DomainError `refused`, `not-found`, `invalid-value` for a token that AWS does not take, `upstream`
 */
export async function rotateScimToken(
  ports: Pick<
    EnrolmentPorts,
    'store' | 'records' | 'clock' | 'secrets' | 'testScim' | 'allowsLoopback' | 'isPrivateHost'
  >,
  command: RotateScimTokenCommand,
  signal: AbortSignal,
): Promise<Organization> {
  const reading = await readView(ports, signal)
  const acting = actingAs(command.actor, reading)
  demand(acting, 'update', 'plugin')
  const { organization } = viewOfOrganization(reading, { id: command.organization })
  if (command.untested !== true) await prove(ports, organization, command.scimToken, signal)
  const event = auditEvent('plugin.update', {
    time: ports.clock.now(),
    user: acting.name,
    subjects: [`organization:${organization.id}`],
    fields: { ...pluginFields(organization), rotated: 'scim_token' },
  })
  await ports.secrets.rotateScimToken(organization.id, command.scimToken, [event], signal)
  return organization
}

/** The address was taken when the organization was enrolled. @throws DomainError */
async function prove(
  ports: Pick<EnrolmentPorts, 'testScim' | 'allowsLoopback' | 'isPrivateHost'>,
  { scimUrl }: Organization,
  token: string,
  signal: AbortSignal,
): Promise<void> {
  const { outcome, message, remedy } = await tryScim(ports, { scimUrl, token, forceScimUrl: true }, signal)
  if (outcome === 'ok') return
  if (outcome === 'unauthorized')
    // The token itself is never quoted.
    throw new DomainError({
      code: 'invalid-value',
      field: 'scimToken',
      text: '…',
      expected: 'a token that AWS takes; the present one stays in use',
    })
  throw new DomainError({
    code: 'upstream',
    service: 'SCIM',
    message,
    remedy: `${remedy} The present token stays in use.`,
  })
}
