import { randomInt } from 'node:crypto'
import { z } from 'zod'
import { text } from '../world/input.ts'
import { defineOperation } from '../world/operation.ts'
import type { DeviceAuthorization } from '../world/sign-in-records.ts'
import type { World } from '../world/world.ts'
import { demandGrantType, getClient } from './clients.ts'
import { forgetExpired } from './forget-expired.ts'
import { DEVICE_CODE } from './grant-types.ts'
import { newSecret } from './new-secret.ts'
import { oidcError } from './oidc-error.ts'
import { isStartUrl } from './start-urls.ts'

/** No vowels, so no words, and nothing that looks like something else (RFC 8628, 6.1). */
const CODE_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'

/** A device asks for a code that its user confirms in a browser, wherever that is. */
export const startDeviceAuthorization = defineOperation({
  service: 'sso-oidc',
  name: 'StartDeviceAuthorization',
  unsigned: true,
  input: z.object({
    clientId: text(1, 1_024),
    clientSecret: text(1, 4_096),
    startUrl: text(1, 2_048),
    region: z.string().optional(),
  }),
  run(world, input, { now }) {
    const client = getClient(world, input, now)
    demandGrantType(client, DEVICE_CODE)
    const home = world.home()
    // A client of another Region, or another organization's address: AWS says no more than this.
    if (client.region !== home.region || !isStartUrl(world, input.startUrl)) {
      throw oidcError('InvalidRequestException')
    }
    forgetExpired(world, now)
    const { deviceCodeLifetime, deviceInterval, devicePollBurst } = world.knobs
    const authorization: DeviceAuthorization = {
      deviceCode: newSecret(64),
      userCode: newUserCode(world),
      clientId: client.id,
      state: 'pending',
      interval: deviceInterval,
      polls: { left: devicePollBurst, at: now },
      expiresAt: now + deviceCodeLifetime,
    }
    world.deviceAuthorizations.set(authorization.deviceCode, authorization)
    const verificationUri = `${world.publicUrl()}/start/device`
    return {
      deviceCode: authorization.deviceCode,
      userCode: authorization.userCode,
      verificationUri,
      verificationUriComplete: `${verificationUri}?user_code=${authorization.userCode}`,
      expiresIn: Math.floor(deviceCodeLifetime / 1_000),
      interval: deviceInterval,
    }
  },
})

function newUserCode(world: World): string {
  for (;;) {
    const letters = Array.from({ length: 8 }, () => CODE_LETTERS.charAt(randomInt(CODE_LETTERS.length))).join('')
    const code = `${letters.slice(0, 4)}-${letters.slice(4)}`
    if (world.deviceAuthorizations.by('userCode', code).length === 0) return code
  }
}
