import type { PermissionSet } from '../world/records.ts'

/** Who and what Acme is. Parents come before their children. */
export const UNITS: readonly { readonly name: string; readonly parent?: string }[] = [
  { name: 'Security' },
  { name: 'Infrastructure' },
  { name: 'Workloads' },
  { name: 'Production', parent: 'Workloads' },
  { name: 'Sandbox' },
]

const account = (name: string, unit: string, environment: string, team: string) => ({ name, unit, environment, team })
export const ACCOUNTS = [
  account('Log Archive', 'Security', 'prod', 'security'),
  account('Audit', 'Security', 'prod', 'security'),
  account('Security Tooling', 'Security', 'prod', 'security'),
  account('Network', 'Infrastructure', 'prod', 'platform'),
  account('Shared Services', 'Infrastructure', 'prod', 'platform'),
  account('Backup', 'Infrastructure', 'prod', 'platform'),
  account('Build', 'Infrastructure', 'dev', 'platform'),
  account('Payments Dev', 'Workloads', 'dev', 'payments'),
  account('Payments Staging', 'Workloads', 'staging', 'payments'),
  account('Web Dev', 'Workloads', 'dev', 'web'),
  account('Web Staging', 'Workloads', 'staging', 'web'),
  account('Data Dev', 'Workloads', 'dev', 'data'),
  account('Data Staging', 'Workloads', 'staging', 'data'),
  account('Payments Prod', 'Production', 'prod', 'payments'),
  account('Web Prod', 'Production', 'prod', 'web'),
  account('Data Prod', 'Production', 'prod', 'data'),
  account('Search Prod', 'Production', 'prod', 'search'),
  account('Mobile Prod', 'Production', 'prod', 'mobile'),
  account('Billing Prod', 'Production', 'prod', 'finance'),
  account('Sandbox Web', 'Sandbox', 'sandbox', 'web'),
  account('Sandbox Data', 'Sandbox', 'sandbox', 'data'),
  account('Sandbox Platform', 'Sandbox', 'sandbox', 'platform'),
  account('Playground', 'Sandbox', 'sandbox', 'everyone'),
] as const

const awsManaged = (...paths: readonly string[]) =>
  paths.map((path) => ({ name: path.split('/').at(-1) ?? path, arn: `arn:aws:iam::aws:policy/${path}` }))
export const PERMISSION_SETS: readonly (Partial<PermissionSet> & { readonly name: string })[] = [
  {
    name: 'AdministratorAccess',
    description: 'Everything, in whole accounts',
    sessionDuration: 'PT1H',
    managedPolicies: awsManaged('AdministratorAccess'),
  },
  {
    name: 'PowerUserAccess',
    description: 'Everything but users and permissions',
    sessionDuration: 'PT4H',
    managedPolicies: awsManaged('PowerUserAccess'),
  },
  {
    name: 'ReadOnlyAccess',
    description: 'Reads everything',
    sessionDuration: 'PT8H',
    managedPolicies: awsManaged('ReadOnlyAccess'),
  },
  {
    name: 'ViewOnlyAccess',
    description: 'Sees that things exist, not what they hold',
    sessionDuration: 'PT8H',
    managedPolicies: awsManaged('job-function/ViewOnlyAccess'),
  },
  {
    name: 'SecurityAudit',
    description: 'Reads how things are secured',
    sessionDuration: 'PT8H',
    managedPolicies: awsManaged('SecurityAudit'),
  },
  {
    name: 'Billing',
    description: 'Costs and invoices',
    sessionDuration: 'PT4H',
    managedPolicies: awsManaged('job-function/Billing'),
  },
  {
    name: 'DatabaseAdministrator',
    description: 'Sets up and runs databases',
    sessionDuration: 'PT4H',
    managedPolicies: awsManaged('job-function/DatabaseAdministrator'),
  },
  {
    name: 'NetworkAdministrator',
    description: 'Sets up and runs networks',
    sessionDuration: 'PT4H',
    managedPolicies: awsManaged('job-function/NetworkAdministrator'),
  },
  {
    name: 'SupportUser',
    description: 'Finds out what is wrong and asks AWS',
    sessionDuration: 'PT8H',
    managedPolicies: awsManaged('job-function/SupportUser'),
  },
  {
    name: 'DataScientist',
    description: 'Works with data and models',
    sessionDuration: 'PT8H',
    managedPolicies: awsManaged('job-function/DataScientist'),
  },
  {
    name: 'DeveloperAccess',
    description: 'Deploys and debugs services, keeps off identities and networks',
    sessionDuration: 'PT8H',
    managedPolicies: awsManaged('ReadOnlyAccess'),
    inlinePolicy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['lambda:*', 'ecs:*', 'ecr:*', 'logs:*', 's3:*', 'dynamodb:*'], Resource: '*' },
        { Effect: 'Deny', Action: ['iam:*', 'ec2:*Vpc*', 'ec2:*Subnet*'], Resource: '*' },
      ],
    }),
  },
  {
    name: 'DeployAccess',
    description: 'Starts and stops deployments',
    sessionDuration: 'PT2H',
    inlinePolicy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['codedeploy:*', 'cloudformation:*'], Resource: '*' }],
    }),
  },
]

/** The user name is the given name in lower case, at acme.example. */
export const PEOPLE: readonly (readonly [givenName: string, familyName: string, title: string])[] = [
  ['Ana', 'Almeida', 'Payments Engineer'],
  ['Boris', 'Becker', 'Engineering Manager'],
  ['Bruno', 'Bianchi', 'Platform Engineer'],
  ['Carla', 'Costa', 'Security Engineer'],
  ['Chen', 'Wei', 'Data Engineer'],
  ['Clara', 'Conti', 'Web Engineer'],
  ['Daniel', 'Dietrich', 'Platform Engineer'],
  ['Daria', 'Dimitrova', 'Data Scientist'],
  ['David', 'Dubois', 'Database Administrator'],
  ['Diego', 'Duarte', 'Payments Engineer'],
  ['Dora', 'Dvorak', 'Support Engineer'],
  ['Elena', 'Eriksson', 'Head of Security'],
  ['Emil', 'Engel', 'Web Engineer'],
  ['Emma', 'Evans', 'Mobile Engineer'],
  ['Enzo', 'Esposito', 'Network Engineer'],
  ['Erik', 'Eide', 'Search Engineer'],
  ['Eva', 'Ernst', 'Auditor'],
  ['Farid', 'Farouk', 'Platform Engineer'],
  ['Fatima', 'Fassi', 'Data Engineer'],
  ['Felix', 'Fischer', 'Web Engineer'],
  ['Fiona', 'Flynn', 'Finance Analyst'],
  ['Gabor', 'Gal', 'Search Engineer'],
  ['Gemma', 'Garcia', 'Data Scientist'],
  ['George', 'Grant', 'Payments Engineer'],
  ['Greta', 'Gruber', 'Web Engineer'],
  ['Hana', 'Horvat', 'Mobile Engineer'],
  ['Hans', 'Huber', 'Network Engineer'],
  ['Hugo', 'Hansen', 'Release Manager'],
  ['Ida', 'Iversen', 'Support Engineer'],
  ['Igor', 'Ivanov', 'Platform Engineer'],
  ['Ines', 'Ibarra', 'Product Manager'],
  ['Iris', 'Isaksen', 'Data Engineer'],
  ['Ivan', 'Ilic', 'Database Administrator'],
  ['Jana', 'Jankovic', 'Web Engineer'],
  ['Jonas', 'Jensen', 'Payments Engineer'],
  ['Julia', 'Jung', 'Security Analyst'],
  ['Kai', 'Keller', 'Mobile Engineer'],
  ['Karim', 'Khan', 'Platform Engineer'],
  ['Kira', 'Kovacs', 'Data Scientist'],
  ['Lars', 'Larsen', 'Head of Platform'],
  ['Laura', 'Lopez', 'Finance Analyst'],
  ['Lea', 'Lang', 'Web Engineer'],
  ['Leo', 'Lindner', 'Search Engineer'],
  ['Lina', 'Lund', 'Support Engineer'],
  ['Luca', 'Lombardi', 'Payments Engineer'],
  ['Maria', 'Moreau', 'Head of Data'],
  ['Mark', 'Meyer', 'Contractor'],
  ['Marta', 'Marino', 'Auditor'],
  ['Mateo', 'Mendez', 'Data Engineer'],
  ['Mia', 'Moller', 'Web Engineer'],
  ['Mila', 'Markovic', 'Mobile Engineer'],
  ['Nadia', 'Nagy', 'Security Engineer'],
  ['Nico', 'Neumann', 'Platform Engineer'],
  ['Nina', 'Nowak', 'Release Manager'],
  ['Noah', 'Nilsen', 'Contractor'],
  ['Nora', 'Novak', 'Payments Engineer'],
  ['Olga', 'Orlova', 'Database Administrator'],
  ['Oscar', 'Olsen', 'Network Engineer'],
  ['Otto', 'Ott', 'Intern'],
  ['Pablo', 'Perez', 'Web Engineer'],
  ['Paula', 'Peters', 'Finance Director'],
  ['Pavel', 'Petrov', 'Search Engineer'],
  ['Petra', 'Pohl', 'Support Engineer'],
  ['Rafael', 'Rossi', 'Data Scientist'],
  ['Rita', 'Reis', 'Product Manager'],
  ['Robin', 'Richter', 'Platform Engineer'],
  ['Rosa', 'Ruiz', 'Payments Engineer'],
  ['Samir', 'Saleh', 'Data Engineer'],
  ['Sara', 'Silva', 'Web Engineer'],
  ['Sofia', 'Schmidt', 'Mobile Engineer'],
  ['Stefan', 'Stein', 'Security Analyst'],
  ['Tara', 'Taylor', 'Support Engineer'],
  ['Theo', 'Thomas', 'Intern'],
  ['Tina', 'Tran', 'Data Engineer'],
  ['Tomas', 'Toth', 'Network Engineer'],
  ['Vera', 'Vogel', 'Chief Technology Officer'],
  ['Victor', 'Vidal', 'Web Engineer'],
  ['Yara', 'Yilmaz', 'Payments Engineer'],
  ['Zeno', 'Zimmer', 'Platform Engineer'],
  ['Zoe', 'Ziegler', 'Data Scientist'],
]

const DEV = ['Payments Dev', 'Web Dev', 'Data Dev', 'Build']
const STAGING = ['Payments Staging', 'Web Staging', 'Data Staging']
const PROD = ['Payments Prod', 'Web Prod', 'Data Prod', 'Search Prod', 'Mobile Prod', 'Billing Prod']
const INFRASTRUCTURE = ['Network', 'Shared Services', 'Backup', 'Build']
const SECURITY = ['Log Archive', 'Audit', 'Security Tooling']
const SANDBOXES = ['Sandbox Web', 'Sandbox Data', 'Sandbox Platform', 'Playground']

interface AcmeGroup {
  readonly name: string
  readonly description: string
  readonly members: readonly string[]
  readonly grants: readonly (readonly [permissionSet: string, accounts: readonly string[]])[]
}
const group = (name: string, description: string, members: string, grants: AcmeGroup['grants']): AcmeGroup => ({
  name,
  description,
  members: members.split(' '),
  grants,
})
export const GROUPS: readonly AcmeGroup[] = [
  group('platform-admins', 'Run the platform', 'lars bruno daniel', [
    ['AdministratorAccess', [...INFRASTRUCTURE, 'Sandbox Platform']],
    ['PowerUserAccess', [...DEV.slice(0, 3), ...STAGING]],
  ]),
  group('platform-engineers', 'Build the platform', 'bruno daniel farid igor karim nico robin zeno', [
    ['PowerUserAccess', [...INFRASTRUCTURE, 'Sandbox Platform']],
    ['ReadOnlyAccess', [...STAGING, ...PROD]],
  ]),
  group('network-engineers', 'Networks of all accounts', 'enzo hans oscar tomas', [
    ['NetworkAdministrator', ['Network', 'Shared Services', ...STAGING, ...PROD]],
  ]),
  group('database-administrators', 'Databases of all teams', 'david ivan olga', [
    ['DatabaseAdministrator', ['Payments Prod', 'Data Prod', 'Billing Prod', ...STAGING]],
  ]),
  group('security-engineers', 'Tools of the security team', 'elena carla nadia', [
    ['AdministratorAccess', ['Security Tooling']],
    ['PowerUserAccess', ['Log Archive', 'Audit']],
    ['SecurityAudit', [...PROD, ...INFRASTRUCTURE]],
  ]),
  group('security-analysts', 'Look into incidents', 'julia stefan carla', [
    ['SecurityAudit', [...SECURITY, ...STAGING]],
    ['ViewOnlyAccess', PROD],
  ]),
  group('auditors', 'Read everything, change nothing', 'eva marta', [
    ['ViewOnlyAccess', [...SECURITY, ...INFRASTRUCTURE, ...STAGING, ...PROD]],
    ['SecurityAudit', ['Management']],
  ]),
  group('payments-engineers', 'Build payments', 'ana diego george jonas luca nora rosa yara', [
    ['DeveloperAccess', ['Payments Dev', 'Payments Staging', 'Playground']],
    ['ReadOnlyAccess', ['Payments Prod']],
  ]),
  group('payments-oncall', 'Run payments', 'ana jonas rosa boris', [
    ['PowerUserAccess', ['Payments Prod', 'Payments Staging']],
    ['SupportUser', ['Payments Prod']],
  ]),
  group('web-engineers', 'Build the web site', 'clara emil felix greta jana lea mia pablo sara victor', [
    ['DeveloperAccess', ['Web Dev', 'Web Staging', 'Sandbox Web', 'Playground']],
    ['ReadOnlyAccess', ['Web Prod']],
  ]),
  group('web-oncall', 'Run the web site', 'clara felix mia', [['PowerUserAccess', ['Web Prod', 'Web Staging']]]),
  group('mobile-engineers', 'Build the apps', 'emma hana kai mila sofia', [
    ['DeveloperAccess', ['Web Dev', 'Sandbox Web']],
    ['PowerUserAccess', ['Mobile Prod']],
  ]),
  group('search-engineers', 'Build search', 'erik gabor leo pavel', [
    ['DeveloperAccess', ['Data Dev', 'Data Staging']],
    ['PowerUserAccess', ['Search Prod']],
  ]),
  group('data-engineers', 'Build pipelines', 'chen fatima iris mateo samir tina maria', [
    ['DeveloperAccess', ['Data Dev', 'Data Staging', 'Sandbox Data']],
    ['PowerUserAccess', ['Data Prod']],
  ]),
  group('data-scientists', 'Ask the data', 'daria gemma kira rafael zoe', [
    ['DataScientist', ['Data Dev', 'Data Staging', 'Data Prod', 'Sandbox Data']],
  ]),
  group('support', 'Help customers', 'dora ida lina petra tara', [
    ['SupportUser', PROD],
    ['ViewOnlyAccess', STAGING],
  ]),
  group('finance', 'Costs and invoices', 'fiona laura paula', [
    ['Billing', ['Management', 'Billing Prod', 'Shared Services']],
  ]),
  group('release-managers', 'Ship to production', 'hugo nina boris', [
    ['DeployAccess', [...PROD, ...STAGING]],
    ['ReadOnlyAccess', ['Build', 'Shared Services', 'Backup']],
  ]),
  group('engineering-managers', 'See how things are', 'boris lars maria elena vera', [
    ['ViewOnlyAccess', [...PROD.slice(0, 3), ...STAGING, ...DEV]],
  ]),
  group('everyone', 'All engineers may play', 'ana boris bruno carla chen clara otto theo ines rita mark noah', [
    ['PowerUserAccess', ['Playground']],
    ['ViewOnlyAccess', SANDBOXES.slice(0, 3)],
  ]),
]

/** Made by hand over the years, outside any group. */
export const DIRECT_ASSIGNMENTS: readonly (readonly [userName: string, permissionSet: string, account: string])[] = [
  ['vera', 'AdministratorAccess', 'Management'],
  ['mark', 'DeveloperAccess', 'Web Dev'],
  ['noah', 'ReadOnlyAccess', 'Data Staging'],
  ['otto', 'DeveloperAccess', 'Sandbox Web'],
  ['rita', 'Billing', 'Billing Prod'],
  ['hugo', 'PowerUserAccess', 'Build'],
]
