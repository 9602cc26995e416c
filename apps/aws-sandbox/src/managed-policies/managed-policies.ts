import { parseIdentityPolicy, type PolicyDocument } from '../auth/policy-document.ts'

/** A policy that AWS keeps and every account can attach. */
export interface ManagedPolicy {
  readonly name: string
  /** `/`, or `/job-function/` and the like. */
  readonly path: string
  readonly arn: string
  readonly description: string
  readonly document: PolicyDocument
}

/**
 * The AWS managed policy with this ARN, in any partition.
 *
 * Simplified: the names, paths and ARNs are AWS's, the documents are our own short versions (AWS's run to hundreds of
 * lines and change monthly). They allow the same kind of thing, not the same list of actions; every description says so.
 */
export function findManagedPolicy(arn: string): ManagedPolicy | undefined {
  return MANAGED_POLICIES.get(arn.replace(/^arn:aws(-[a-z-]+)?:/, 'arn:aws:'))
}

type Action = string | string[]
interface Outline {
  name: string
  path?: string
  purpose: string
  allow?: Action
  allowAllBut?: Action
}

const READ_VERBS = ['Get*', 'List*', 'Describe*']
const OUTLINES: readonly Outline[] = [
  { name: 'AdministratorAccess', purpose: 'Full access to everything.', allow: '*' },
  {
    name: 'PowerUserAccess',
    purpose: 'Everything but users, permissions and the organization.',
    allowAllBut: ['iam:*', 'organizations:*', 'account:*', 'sso:*', 'sso-directory:*', 'identitystore:*'],
  },
  { name: 'ReadOnlyAccess', purpose: 'Reads everything, contents included.', allow: everyServiceReads() },
  {
    name: 'SecurityAudit',
    purpose: 'Reads configuration that matters to security.',
    allow: readsOf([
      'access-analyzer',
      'cloudtrail',
      'config',
      'ec2',
      'iam',
      'identitystore',
      'kms',
      'organizations',
      's3',
      'sso',
    ]),
  },
  {
    name: 'ViewOnlyAccess',
    path: '/job-function/',
    purpose: 'Lists resources without reading what is in them.',
    allow: ['*:List*', '*:Describe*'],
  },
  {
    name: 'Billing',
    path: '/job-function/',
    purpose: 'Invoices, costs and budgets.',
    allow: ['aws-portal:*', 'billing:*', 'budgets:*', 'ce:*', 'cur:*', 'invoicing:*', 'payments:*', 'tax:*'],
  },
  {
    name: 'SystemAdministrator',
    path: '/job-function/',
    purpose: 'Runs machines, storage and monitoring.',
    allow: [
      'autoscaling:*',
      'cloudtrail:*',
      'cloudwatch:*',
      'ec2:*',
      'elasticloadbalancing:*',
      'logs:*',
      's3:*',
      'ssm:*',
    ],
  },
  {
    name: 'DatabaseAdministrator',
    path: '/job-function/',
    purpose: 'Runs databases.',
    allow: ['dynamodb:*', 'elasticache:*', 'rds:*', 'redshift:*', 'cloudwatch:*', 'logs:Describe*', 'logs:Get*'],
  },
  {
    name: 'NetworkAdministrator',
    path: '/job-function/',
    purpose: 'Runs networks, names and load balancers.',
    allow: ['cloudfront:*', 'directconnect:*', 'ec2:*', 'elasticloadbalancing:*', 'globalaccelerator:*', 'route53:*'],
  },
  {
    name: 'SupportUser',
    path: '/job-function/',
    purpose: 'Opens support cases and reads what they are about.',
    allow: ['support:*', ...everyServiceReads()],
  },
  {
    name: 'DataScientist',
    path: '/job-function/',
    purpose: 'Analyses data.',
    allow: ['athena:*', 'cloudwatch:*', 'elasticmapreduce:*', 'glue:*', 'redshift:*', 's3:*', 'sagemaker:*'],
  },
  {
    name: 'IAMReadOnlyAccess',
    purpose: 'Reads IAM.',
    allow: readsOf(['iam']),
  },
  { name: 'IAMFullAccess', purpose: 'Everything in IAM.', allow: 'iam:*' },
  {
    name: 'AWSOrganizationsReadOnlyAccess',
    purpose: 'Reads the organization.',
    allow: readsOf(['organizations', 'account']),
  },
  {
    name: 'AWSSSOReadOnly',
    purpose: 'Reads IAM Identity Center.',
    allow: [...readsOf(['sso', 'identitystore', 'sso-directory']), 'organizations:List*', 'organizations:Describe*'],
  },
  {
    name: 'AWSSSOMasterAccountAdministrator',
    purpose: 'Runs IAM Identity Center from the management account.',
    allow: ['sso:*', 'sso-directory:*', 'identitystore:*', 'organizations:*', 'iam:*'],
  },
  { name: 'AmazonEC2ReadOnlyAccess', purpose: 'Reads EC2.', allow: readsOf(['ec2']) },
  { name: 'AmazonEC2FullAccess', purpose: 'Everything in EC2.', allow: 'ec2:*' },
  { name: 'AmazonS3ReadOnlyAccess', purpose: 'Reads S3.', allow: readsOf(['s3']) },
  { name: 'AmazonS3FullAccess', purpose: 'Everything in S3.', allow: 's3:*' },
  { name: 'AmazonRDSReadOnlyAccess', purpose: 'Reads RDS.', allow: readsOf(['rds']) },
  { name: 'CloudWatchReadOnlyAccess', purpose: 'Reads CloudWatch.', allow: readsOf(['cloudwatch', 'logs']) },
]

const MANAGED_POLICIES: ReadonlyMap<string, ManagedPolicy> = new Map(
  OUTLINES.map(toManagedPolicy).map((policy) => [policy.arn, policy]),
)

function toManagedPolicy({ name, path = '/', purpose, allow, allowAllBut }: Outline): ManagedPolicy {
  const actions = allowAllBut ? { NotAction: allowAllBut } : { Action: allow }
  const statement = { Effect: 'Allow', ...actions, Resource: '*' }
  return {
    name,
    path,
    arn: `arn:aws:iam::aws:policy${path}${name}`,
    description: `${purpose} Simplified by the sandbox.`,
    document: parseIdentityPolicy(JSON.stringify({ Version: '2012-10-17', Statement: [statement] })),
  }
}

function everyServiceReads(): string[] {
  return READ_VERBS.map((verb) => `*:${verb}`)
}

function readsOf(services: readonly string[]): string[] {
  return services.flatMap((service) => READ_VERBS.map((verb) => `${service}:${verb}`))
}
