import type { SamlCertificateView } from '@gatehouse/api'
import {
  activateCertificate,
  addCertificate,
  readIdentityProvider,
  removeCertificate,
  samlAddresses,
  type SamlCertificate,
} from '@gatehouse/application'
import { formatInstant } from '@gatehouse/domain'
import type { Config } from '../config.ts'
import { actorOf } from './actor-of.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'

type Names = 'getSamlIdentityProvider' | 'addSamlCertificate' | 'activateSamlCertificate' | 'deleteSamlCertificate'

export function samlHandlers(ports: HandlerPorts, { publicAddress }: Config): Pick<ServerHandlers, Names> {
  return {
    async getSamlIdentityProvider({ signal }) {
      const { entityId, singleSignOnUrl, ...found } = await readIdentityProvider(
        ports,
        samlAddresses(publicAddress),
        signal,
      )
      return {
        entityId,
        ssoUrl: singleSignOnUrl,
        metadata: found.metadata,
        certificates: found.certificates.map(present),
      }
    },
    async addSamlCertificate({ signal, ...who }) {
      return present(await addCertificate(ports, { actor: actorOf(who) }, signal))
    },
    async activateSamlCertificate({ params: { fingerprint }, signal, ...who }) {
      await activateCertificate(ports, { actor: actorOf(who), fingerprint }, signal)
    },
    async deleteSamlCertificate({ params: { fingerprint }, signal, ...who }) {
      await removeCertificate(ports, { actor: actorOf(who), fingerprint }, signal)
    },
  }
}

const present = ({ fingerprint, isActive, createdAt, expiresAt, pem }: SamlCertificate): SamlCertificateView => ({
  fingerprint,
  active: isActive,
  createdAt: formatInstant(createdAt),
  expiresAt: formatInstant(expiresAt),
  pem,
})
