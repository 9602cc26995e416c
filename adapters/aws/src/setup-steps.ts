import { DomainError } from '@gatehouse/domain'
import { permissionsOf, type PolicyDocument, type SetupExtras } from './setup-permissions.ts'

export type { PolicyDocument, SetupExtras } from './setup-permissions.ts'

export interface SetupOptions {
  /** Public address of the server, which is its OIDC issuer. */
  readonly issuer: string
  readonly audience: string
  readonly roleName: string
  readonly region: string
  readonly organizationId: string
  readonly integrationName: string
  readonly extras?: SetupExtras
  /** Keeps what is done in Identity Center to this instance; otherwise to those of the account, as in the guide. */
  readonly instanceArn?: string
  /** `aws-us-gov` or `aws-cn` outside the commercial Regions. */
  readonly partition?: string
}

/** The AWS side of the integration as data: what the script does, and what the SDK can do instead. */
export interface SetupSteps {
  readonly provider: { readonly url: string; readonly audience: string; readonly arnSuffix: string }
  readonly role: {
    readonly name: string
    readonly description: string
    readonly tags: readonly { readonly Key: string; readonly Value: string }[]
  }
  /** Lets in only tokens of this issuer, for this audience, about this organization. */
  readonly trustPolicy: (providerArn: string) => PolicyDocument
  readonly permissions: { readonly name: string; readonly document: PolicyDocument }
}

/** @throws DomainError `invalid-value` for what AWS would refuse */
export function setupSteps(options: SetupOptions): SetupSteps {
  const { roleName, audience, organizationId, integrationName, instanceArn, partition = 'aws' } = options
  const issuer = parseIssuer(options.issuer)
  parse(roleName, /^[\w+=,.@-]{1,64}$/, 'an IAM role name: up to 64 letters, digits and +=,.@_-')
  parse(audience, /^(?!fileb?:)[\x21-\x7e]{1,255}$/, 'an audience of up to 255 characters without blanks')
  parse(options.region, /^[a-z]{2,4}(-[a-z]+)+-\d+$/, 'a Region such as eu-central-1')
  parse(organizationId, /^[\x21-\x7e]{1,200}$/, 'an organization id')
  parse(partition, /^aws[a-z-]*$/, 'a partition such as aws')
  if (instanceArn !== undefined)
    parse(
      instanceArn,
      /^arn:aws(-[a-z]+)*:sso:::instance\/(sso)?ins-[\w.-]{16}$/,
      'an ARN such as arn:aws:sso:::instance/ssoins-7223a1b2c3d4e5f6',
    )
  return {
    provider: { url: issuer.url, audience, arnSuffix: `oidc-provider/${issuer.name}` },
    role: {
      name: roleName,
      description: describable(`Gatehouse manages IAM Identity Center (integration ${integrationName})`).slice(
        0,
        1_000,
      ),
      tags: [
        { Key: ORGANIZATION_TAG, Value: taggable(organizationId) },
        { Key: 'gatehouse:integration', Value: taggable(integrationName) },
      ],
    },
    trustPolicy: (providerArn) => ({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: providerArn },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              [`${issuer.name}:aud`]: audience,
              [`${issuer.name}:sub`]: `system:gatehouse:${organizationId}`,
            },
          },
        },
      ],
    }),
    permissions: {
      name: setupPolicyName,
      document: permissionsOf({ partition, instanceArn, extras: options.extras ?? {} }),
    },
  }
}

/** Marks the roles that this set-up made: it changes no other. */
export const ORGANIZATION_TAG = 'gatehouse:organization'
export const setupPolicyName = 'GatehouseIdentityCenterIntegration'

/** The issuer to the letter, because it must equal `iss`, and the name by which IAM knows it: without scheme. */
function parseIssuer(text: string): { url: string; name: string } {
  const url = URL.parse(text)
  const expected = 'the public address of the server'
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash || text.length > 255)
    throw new DomainError({ code: 'invalid-value', text, expected })
  const issuer = text.replace(/\/+$/, '')
  parse(issuer, /^https?:\/\/[\w.:/~%[\]-]+$/, expected)
  return { url: issuer, name: issuer.replace(/^https?:\/\//, '') }
}

function parse(text: string, form: RegExp, expected: string): void {
  if (!form.test(text)) throw new DomainError({ code: 'invalid-value', text, expected })
}

/** IAM's alphabets for descriptions and for tags (IAM API Reference, "CreateRole" and "Tag"). */
const describable = (text: string): string => text.replaceAll(/[^\x20-\x7e\xa1-\xff]/g, '_')
const taggable = (text: string): string => text.replaceAll(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_').slice(0, 256)
