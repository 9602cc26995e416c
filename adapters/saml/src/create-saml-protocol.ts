import { X509Certificate } from 'node:crypto'
import type { SamlMessage, SamlProtocol } from '@gatehouse/application'
import { DomainError, shorten } from '@gatehouse/domain'
import { type AddressRules, readServiceProvider } from './metadata/read-metadata.ts'
import { writeMetadata } from './metadata/write-metadata.ts'
import { readPostRequest, readRedirectRequest } from './request/read-authn-request.ts'
import { verifyRedirect } from './request/verify-redirect.ts'
import { newSamlId, signRefusal, signResponse } from './response/sign-response.ts'
import { IllegalTextError } from './xml/write-canonical.ts'

/** SAML 2.0 as an identity provider: assertions are signed, the messages around them are not. */
export function createSamlProtocol(rules: AddressRules): SamlProtocol {
  return {
    readServiceProvider: (given) => readServiceProvider(given, rules),
    readRequest(message) {
      return message.binding === 'post'
        ? readPostRequest(message.samlRequest)
        : readRedirectRequest(new URLSearchParams(message.query).get('SAMLRequest') ?? '')
    },
    verifyRequest,
    signResponse: (signIn, key) =>
      refuseLarge(
        explainIllegalText(() =>
          signResponse({ ...signIn, responseId: newSamlId(), assertionId: newSamlId() }, key, 'assertion'),
        ),
      ),
    signRefusal: (refusal, key) => signRefusal({ ...refusal, responseId: newSamlId() }, key),
    // Once in five years, so its libraries are loaded only then.
    makeCertificate: async (...given) => (await import('./response/make-certificate.ts')).makeCertificate(...given),
    writeMetadata,
  }
}

/** Only the redirect binding signs in a way that is checked here: over the query, not inside XML. */
function verifyRequest(message: SamlMessage, certificates: readonly string[]): void {
  if (message.binding === 'post')
    throw new DomainError({
      code: 'refused',
      message: 'The application signs its requests, and has sent this one by HTTP-POST, where signatures are not read.',
      remedy: 'Set the application to send its requests by HTTP-Redirect, or not to sign them.',
    })
  const keys = certificates.map((certificate) => new X509Certificate(Buffer.from(certificate, 'base64')).publicKey)
  verifyRedirect(message.query, keys)
}

/** AWS takes no more (IAM Identity Center User Guide, "Troubleshooting"); others hardly do. */
const MAX_CHARACTERS = 50_000

function refuseLarge(xml: string): string {
  if (xml.length <= MAX_CHARACTERS) return xml
  throw new DomainError({
    code: 'refused',
    message: `What the application would be told about you is longer than ${MAX_CHARACTERS} characters.`,
    remedy: 'Ask an administrator to map fewer attributes, or to shorten your traits.',
  })
}

function explainIllegalText(sign: () => string): string {
  try {
    return sign()
  } catch (cause) {
    if (!(cause instanceof IllegalTextError)) throw cause
    throw new DomainError(
      {
        code: 'refused',
        message: `A name or an attribute holds a character that SAML can't carry: ${shorten(cause.message)}`,
        remedy: 'Ask an administrator to correct your traits.',
      },
      { cause },
    )
  }
}
