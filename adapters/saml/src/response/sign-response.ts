import { randomBytes } from 'node:crypto'
import { writeCanonical } from '../xml/write-canonical.ts'
import { buildAssertion, buildRefusal, buildResponse, type Refusal } from './build-response.ts'
import type { SamlKey } from '@gatehouse/application'
import { signElement } from './sign-element.ts'
import type { SignIn } from './sign-in.ts'

/** Which parts carry a signature. AWS is content with either (IAM Identity Center User Guide, "Other identity providers"). */
export type Signs = 'assertion' | 'response' | 'both'

/** A whole response that signs somebody in, as XML. @throws IllegalTextError when a value can't be said in XML */
export function signResponse(signIn: SignIn, key: SamlKey, signs: Signs): string {
  const assertion = buildAssertion(signIn)
  const response = buildResponse(signIn, signs === 'response' ? assertion : signElement(assertion, key))
  return signs === 'assertion' ? writeCanonical(response) : signElement(response, key).canonical
}

/** A response that signs nobody in; signed, so that nobody else can send the user away. @throws IllegalTextError */
export const signRefusal = (refusal: Refusal, key: SamlKey): string => signElement(buildRefusal(refusal), key).canonical

/** 160 random bits; a letter first, because an ID is a name in XML (SAML 2.0 Core, 1.3.4). */
export const newSamlId = (): string => `id-${randomBytes(20).toString('hex')}`
