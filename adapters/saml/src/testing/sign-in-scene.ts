import { createPrivateKey, X509Certificate } from 'node:crypto'
import { hours, instant, minus, minutes, plus } from '@gatehouse/domain'
import { makeCertificate } from '../response/make-certificate.ts'
import type { SamlKey } from '@gatehouse/application'
import type { SignIn } from '../response/sign-in.ts'

export const NOW = instant('2027-03-01T09:00:00Z')
export const IDP = 'https://gatehouse.example/saml/metadata'
export const SP = 'https://eu-west-1.signin.aws.amazon.com/platform/saml/d-0123456789'
export const ACS = 'https://eu-west-1.signin.aws.amazon.com/platform/saml/acs/0f7a5c1e-9b1e-4a67-8f56-1f7a3f2b9c10'

/** A key with its certificate, as PEM too. */
export async function aKey(now = NOW): Promise<SamlKey & { readonly pem: string }> {
  const { privateKey, pem } = await makeCertificate('Gatehouse', minus(now, hours(1)), plus(now, hours(24)))
  return {
    privateKey: createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' }),
    certificate: new X509Certificate(pem).raw.toString('base64'),
    pem,
  }
}

export const aSignIn = (partial: Partial<SignIn> = {}): SignIn => ({
  responseId: `id-${'1'.repeat(40)}`,
  assertionId: `id-${'2'.repeat(40)}`,
  sessionIndex: 'f'.repeat(64),
  issuer: IDP,
  audience: SP,
  assertionConsumerUrl: ACS,
  requestId: '_request-1',
  nameId: { value: 'ana@acme.example', format: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress' },
  now: NOW,
  signedInAt: minus(NOW, minutes(10)),
  sessionEndsAt: plus(NOW, hours(8)),
  contextClass: 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
  attributes: [
    {
      name: 'https://aws.amazon.com/SAML/Attributes/AccessControl:CostCenter',
      nameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
      values: ['4711'],
    },
  ],
  ...partial,
})
