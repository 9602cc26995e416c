import { generateKeyPairSync } from 'node:crypto'
import type { SamlPorts } from '../saml/saml-ports.ts'
import type { GovernanceScene } from './governance-scene.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** What signing somebody in to an application takes; the answer says no more than that it is signed. */
export const signingPorts = (
  scene: GovernanceScene,
  signResponse: SamlPorts['saml']['signResponse'] = () => '<signed/>',
): SamlPorts =>
  ({
    ...scene,
    saml: { ...scene.saml, signResponse },
    samlKeys: { signingKey: async () => ({ privateKey, certificate: '' }) },
  }) as unknown as SamlPorts // only what that use case calls is there
