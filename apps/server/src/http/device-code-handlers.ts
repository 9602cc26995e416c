import { askForDeviceCode, redeemDeviceCode, sessionLifetime } from '@gatehouse/application'
import type { Config } from '../config.ts'
import { DEVICE_PATH } from '../pages/device-pages.ts'
import type { HandlerPorts } from './create-handlers.ts'
import { createRateLimit } from './limit-rate.ts'
import type { ServerHandlers } from './mount.ts'
import { presentSession } from './sign-in-handlers.ts'

type Names = 'askForDeviceCode' | 'redeemDeviceCode'

/** By network, and so for everybody behind one address: an office that comes in on Monday, not somebody who fills a table. */
const ASKED_PER_MINUTE = 60
/** A command line asks twelve times a minute. */
const REDEEMED_PER_MINUTE = 1_200

/** Signing a command line in with a browser. */
export function deviceCodeHandlers(ports: HandlerPorts, config: Config): Pick<ServerHandlers, Names> {
  const asked = createRateLimit(ASKED_PER_MINUTE)
  const redeemed = createRateLimit(REDEEMED_PER_MINUTE)
  return {
    async askForDeviceCode({ body: { machine = '' }, address, signal }) {
      asked.count(address)
      const code = await askForDeviceCode(ports, { machine, address }, signal)
      return {
        deviceCode: code.deviceCode,
        userCode: code.userCode,
        verificationAddress: `${config.publicAddress}${DEVICE_PATH}`,
        expiresInSeconds: code.lifetime / 1000,
        intervalSeconds: code.intervalSeconds,
      }
    },
    async redeemDeviceCode({ body: { deviceCode, ttl }, address, signal }) {
      redeemed.count(address)
      const lifetime = sessionLifetime(config.sessions.lifetime, ttl, ports.clock.now())
      const result = await redeemDeviceCode(ports, { deviceCode, lifetime }, signal)
      if (result.state !== 'granted') return result
      const { state, token, ...who } = result
      return { state, token, session: await presentSession(ports, config, who, signal) }
    },
  }
}
