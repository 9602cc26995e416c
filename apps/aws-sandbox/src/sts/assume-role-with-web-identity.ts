import { z } from 'zod'
import { evaluateTrust } from '../auth/evaluate-trust.ts'
import { parseTrustPolicy } from '../auth/policy-document.ts'
import { createRequestContext } from '../auth/request-context.ts'
import { AwsError } from '../http/aws-error.ts'
import { defineOperation } from '../world/operation.ts'
import type { IamRole, OidcProvider } from '../world/records.ts'
import type { View } from '../world/table.ts'
import type { World } from '../world/world.ts'
import { createRoleSession, presentRoleSession } from './create-role-session.ts'
import { fetchSigningKey } from './fetch-signing-key.ts'
import { checkDuration, findRoleByArn, readSessionPolicies, sessionInput } from './session-input.ts'
import {
  checkLifetime,
  invalid,
  parseWebIdentityToken,
  verifyWebIdentityToken,
  type WebIdentityToken,
} from './web-identity-token.ts'

/**
 * Credentials of a role for the bearer of an OpenID Connect token. Unsigned: the token is the proof. Provider and role
 * are those of the account in the role's ARN, as readers of IAM see them: a role made a moment ago may not be there.
 */
export const assumeRoleWithWebIdentity = defineOperation({
  service: 'sts',
  name: 'AssumeRoleWithWebIdentity',
  unsigned: true,
  input: sessionInput.extend({
    WebIdentityToken: z.string().min(4).max(20_000),
    ProviderId: z.string().optional(),
  }),
  async run(world, input, call) {
    const token = parseWebIdentityToken(input.WebIdentityToken)
    const provider = findProvider(world, input.RoleArn, token.issuer, call.view)
    if (!provider) throw invalid(`No OpenIDConnect provider found in your account for ${token.issuer}`)
    if (!provider.clientIds.includes(token.audience)) throw invalid('Incorrect token audience')
    const key = await fetchSigningKey({ ...token, allowInsecure: world.knobs.allowInsecureIssuers })
    await verifyWebIdentityToken(input.WebIdentityToken, key, token.algorithm)
    checkLifetime(token, call.now)

    const role = findRoleByArn(world, input.RoleArn, call.view)
    if (!role || !isTrusted(role, provider, token, input)) throw notAuthorized()
    checkDuration(input.DurationSeconds, role)
    const session = createRoleSession(
      world,
      {
        role,
        sessionName: input.RoleSessionName,
        durationSeconds: input.DurationSeconds,
        tags: token.sessionTags,
        ...readSessionPolicies(world, input, role),
      },
      call.now,
    )
    return {
      ...presentRoleSession(session, role),
      SubjectFromWebIdentityToken: token.subject,
      Audience: token.audience,
      Provider: provider.arn,
    }
  },
})

function findProvider(world: World, roleArn: string, issuer: string, view: View): OidcProvider | undefined {
  const [, account = ''] = /^arn:aws[\w-]*:iam::(\d{12}):role\//.exec(roleArn) ?? []
  return world.oidcProviders
    .seen(view)
    .by('account', account)
    .find((provider) => provider.issuer === issuer)
}

/** The trust policy must name the provider and its conditions must hold; for session tags it must allow those too. */
function isTrusted(
  role: IamRole,
  provider: OidcProvider,
  token: WebIdentityToken,
  { RoleSessionName }: { RoleSessionName: string },
): boolean {
  const trustPolicy = parseTrustPolicy(role.trustPolicy)
  const context = createRequestContext({
    [`${provider.url}:aud`]: token.audience,
    [`${provider.url}:oaud`]: token.originalAudience,
    [`${provider.url}:azp`]: token.originalAudience === undefined ? undefined : token.audience,
    [`${provider.url}:sub`]: token.subject,
    [`${provider.url}:amr`]: token.methods,
    [`${provider.url}:email`]: token.email,
    'aws:FederatedProvider': provider.arn,
    'sts:RoleSessionName': RoleSessionName,
    ...Object.fromEntries(Object.entries(token.sessionTags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  })
  const party = { kind: 'federated', providerArn: provider.arn } as const
  const actions = ['sts:AssumeRoleWithWebIdentity']
  if (Object.keys(token.sessionTags).length > 0) actions.push('sts:TagSession')
  return actions.every((action) => evaluateTrust(trustPolicy, { party, action, context }) === 'allowed')
}

function notAuthorized(): AwsError {
  return new AwsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', { status: 403 })
}
