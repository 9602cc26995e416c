import { decide, selectsAction, type Verdict } from './evaluate-policies.ts'
import type { PolicyDocument, Principal } from './policy-document.ts'
import type { RequestContext } from './request-context.ts'

/** Who asks to assume a role: somebody with AWS credentials, or the bearer of a token of an identity provider. */
export type TrustedParty =
  | {
      readonly kind: 'aws'
      readonly account: string
      /** The ARN of the user or of the session. */
      readonly arn: string
      /** For a session, the ARN of its role: trust in the role is trust in its sessions. */
      readonly roleArn: string | undefined
    }
  | { readonly kind: 'federated'; readonly providerArn: string }

/** What a role's trust policy says to a party that asks for it. */
export function evaluateTrust(
  trustPolicy: PolicyDocument,
  { party, action, context }: { party: TrustedParty; action: string; context: RequestContext },
): Verdict {
  return decide([trustPolicy], context, ({ actions, principals }) => {
    if (!principals || !selectsAction(actions, action)) return false
    return principals.principals.some((principal) => isParty(principal, party)) !== principals.inverted
  })
}

function isParty({ type, value }: Principal, party: TrustedParty): boolean {
  switch (party.kind) {
    case 'federated':
      return type === 'Federated' && value === party.providerArn
    case 'aws':
      // Somebody who comes with a token is nobody in AWS yet: `*` means them neither here nor above.
      if (type !== 'AWS' && type !== '*') return false
      return [party.arn, party.roleArn, party.account, `arn:aws:iam::${party.account}:root`, '*'].includes(value)
  }
}
