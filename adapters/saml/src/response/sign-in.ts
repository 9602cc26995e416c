import type { SamlSignIn } from '@gatehouse/application'

/** An answer that signs somebody in, with its ids: unguessable, and names in XML (`newSamlId`). */
export interface SignIn extends SamlSignIn {
  readonly responseId: string
  readonly assertionId: string
}
