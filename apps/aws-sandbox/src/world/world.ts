import { createDraw, type Draw } from './draw.ts'
import type { Clock } from './clock.ts'
import type { Journal } from './journal.ts'
import type { Knobs } from './knobs.ts'
import { createTable, type Table } from './table.ts'
import type * as records from './records.ts'
import type * as signIn from './sign-in-records.ts'

/** Everything the sandbox knows. Handlers get it whole; keys of the tables are made by the functions below. */
export interface World {
  readonly clock: Clock
  /** Changed while running by the control API, so read them at the time of use. */
  readonly knobs: Knobs
  readonly home: () => records.Home
  readonly setHome: (home: records.Home) => void
  /** Where browsers find the sandbox: scheme, host and port. Known once it listens. */
  readonly publicUrl: () => string
  readonly setPublicUrl: (url: string) => void

  /** By id; indexed by `parent`. */
  readonly accounts: Table<records.Account>
  /** By id; indexed by `parent`. */
  readonly organizationalUnits: Table<records.OrganizationalUnit>
  readonly delegatedAdministrators: Table<records.DelegatedAdministrator>
  readonly createAccountRequests: Table<records.CreateAccountRequest>
  /** By resource id or ARN; IAM's records carry their own tags. */
  readonly tags: Table<records.ResourceTags>

  /** By id; indexed by `userName` and `email` (lower case) and `externalId`. */
  readonly users: Table<records.User>
  /** By id; indexed by `displayName` (lower case) and `externalId`. */
  readonly groups: Table<records.Group>
  /** By membership id; indexed by `group`, `user` and `pair` (`membershipPair`). */
  readonly memberships: Table<records.Membership>
  readonly scimTokens: Table<records.ScimToken>

  /** By ARN; indexed by `name`. */
  readonly permissionSets: Table<records.PermissionSet>
  /** By `provisioningKey`; indexed by `account` and `permissionSet`. */
  readonly provisionings: Table<records.Provisioning>
  /** By `assignmentKey`; indexed by `principal`, `pair` (`provisioningKey`), `permissionSet` and `account`. */
  readonly assignments: Table<records.AccountAssignment>
  /** By id; indexed by `status`. */
  readonly asyncRequests: Table<records.AsyncRequest>

  /** By `iamKey(account, role name)`; indexed by `account`. */
  readonly iamRoles: Table<records.IamRole>
  /** By ARN; indexed by `account`. */
  readonly iamPolicies: Table<records.IamPolicy>
  /** By ARN; indexed by `account`. */
  readonly oidcProviders: Table<records.OidcProvider>
  /** By ARN; indexed by `account`. */
  readonly samlProviders: Table<records.SamlProvider>
  /** By `iamKey(account, user name)`; indexed by `account`. */
  readonly iamUsers: Table<records.IamUser>
  /** By access key id; indexed by `account`. */
  readonly accessKeys: Table<records.AccessKey>
  /** By access key id. */
  readonly sessions: Table<records.Session>

  /** By id. */
  readonly oidcClients: Table<signIn.OidcClient>
  /** By device code; indexed by `userCode`. */
  readonly deviceAuthorizations: Table<signIn.DeviceAuthorization>
  readonly authorizationCodes: Table<signIn.AuthorizationCode>
  /** By user id. */
  readonly passwords: Table<signIn.Password>
  /** By id; indexed by `secret`. */
  readonly portalSessions: Table<signIn.PortalSession>
  /** By id. */
  readonly authnRequests: Table<signIn.AuthnRequest>
  /** By id. */
  readonly usedAssertions: Table<signIn.UsedAssertion>
  /** By token. */
  readonly accessTokens: Table<signIn.OidcToken>
  readonly refreshTokens: Table<signIn.OidcToken>

  /** Resolves when every change made so far is on disk. */
  readonly commit: () => Promise<void>
  /** Runs `load` without journal and without readers that lag: for seeds. */
  readonly load: (load: () => void) => void
  /** All tables, for snapshots and dumps. */
  readonly tables: () => ReadonlyMap<string, Table<unknown>>
}

export const iamKey = (accountId: string, name: string) => `${accountId}/${name.toLowerCase()}`
export const membershipPair = (groupId: string, userId: string) => `${groupId}/${userId}`
export const provisioningKey = (accountId: string, permissionSetArn: string) => `${accountId}|${permissionSetArn}`
export const assignmentKey = (
  assignment: Pick<records.AccountAssignment, 'accountId' | 'permissionSetArn' | 'principalType' | 'principalId'>,
) => `${assignment.accountId}|${assignment.permissionSetArn}|${assignment.principalType}|${assignment.principalId}`

export interface WorldOptions {
  readonly clock: Clock
  readonly knobs: Knobs
  /** Absent: the world is lost when the process ends. */
  readonly journal?: Journal | undefined
}

type LagKnob = 'organizationsLag' | 'identityStoreLag' | 'ssoLag' | 'iamLag'

export function createWorld(options: WorldOptions): World {
  const { clock, knobs, journal } = options
  const tables = new Map<string, Table<unknown>>()
  let loading = true
  const draw: Draw = createDraw(`${knobs.durationSeed}/lag/${Date.now()}`)

  function table<Row>(name: string, lag: LagKnob, indexes: Readonly<Record<string, (row: Row) => string>> = {}) {
    const created = createTable<Row>({
      name,
      indexes,
      now: clock.now,
      isRecording: () => !loading,
      drawLag: () => draw.between(...knobs[lag]),
      onChange: (of, key, row) => {
        if (!loading) journal?.record(of, key, row)
      },
    })
    // Dumps and snapshots only read rows and put back what they read from the same table.
    tables.set(name, created as Table<unknown>)
    return created
  }

  let publicUrl = ''
  const homes = table<records.Home>('home', 'organizationsLag')
  const world: World = {
    clock,
    knobs,
    home() {
      const home = homes.get('home')
      if (home === undefined) throw new Error('The world has no organization yet: seed it first.')
      return home
    },
    setHome: (home) => homes.set('home', home),
    publicUrl: () => publicUrl,
    setPublicUrl(url) {
      publicUrl = url
    },

    accounts: table('accounts', 'organizationsLag', { parent: (row) => row.parentId }),
    organizationalUnits: table('organizationalUnits', 'organizationsLag', { parent: (row) => row.parentId }),
    delegatedAdministrators: table('delegatedAdministrators', 'organizationsLag'),
    createAccountRequests: table('createAccountRequests', 'organizationsLag'),
    tags: table('tags', 'organizationsLag'),

    users: table('users', 'identityStoreLag', {
      userName: (row) => row.userName.toLowerCase(),
      email: (row) => row.emails[0]?.value?.toLowerCase() ?? '',
      externalId: (row) => row.externalId ?? '',
    }),
    groups: table('groups', 'identityStoreLag', {
      displayName: (row) => row.displayName.toLowerCase(),
      externalId: (row) => row.externalId ?? '',
    }),
    memberships: table('memberships', 'identityStoreLag', {
      group: (row) => row.groupId,
      user: (row) => row.userId,
      pair: (row) => membershipPair(row.groupId, row.userId),
    }),
    scimTokens: table('scimTokens', 'identityStoreLag'),

    permissionSets: table('permissionSets', 'ssoLag', { name: (row) => row.name }),
    provisionings: table('provisionings', 'ssoLag', {
      account: (row) => row.accountId,
      permissionSet: (row) => row.permissionSetArn,
    }),
    assignments: table('assignments', 'ssoLag', {
      principal: (row) => row.principalId,
      pair: (row) => provisioningKey(row.accountId, row.permissionSetArn),
      permissionSet: (row) => row.permissionSetArn,
      account: (row) => row.accountId,
    }),
    asyncRequests: table('asyncRequests', 'ssoLag', { status: (row) => row.status }),

    iamRoles: table('iamRoles', 'iamLag', { account: (row) => row.accountId }),
    iamPolicies: table('iamPolicies', 'iamLag', { account: (row) => row.accountId }),
    oidcProviders: table('oidcProviders', 'iamLag', { account: (row) => row.accountId }),
    samlProviders: table('samlProviders', 'iamLag', { account: (row) => row.accountId }),
    iamUsers: table('iamUsers', 'iamLag', { account: (row) => row.accountId }),
    accessKeys: table('accessKeys', 'iamLag', { account: (row) => row.accountId }),
    sessions: table('sessions', 'iamLag'),

    oidcClients: table('oidcClients', 'ssoLag'),
    deviceAuthorizations: table('deviceAuthorizations', 'ssoLag', { userCode: (row) => row.userCode }),
    authorizationCodes: table('authorizationCodes', 'ssoLag'),
    passwords: table('passwords', 'identityStoreLag'),
    portalSessions: table('portalSessions', 'ssoLag', { secret: (row) => row.secret }),
    authnRequests: table('authnRequests', 'ssoLag'),
    usedAssertions: table('usedAssertions', 'ssoLag'),
    accessTokens: table('accessTokens', 'ssoLag'),
    refreshTokens: table('refreshTokens', 'ssoLag'),

    commit: async () => journal?.commit(),
    load(load) {
      loading = true
      try {
        load()
      } finally {
        loading = false
      }
    },
    tables: () => tables,
  }
  loading = false
  return world
}
