import { findAccess, listAccess, type Access } from '../portal/access.ts'
import { createCredentials } from '../portal/create-credentials.ts'
import type { Session } from '../world/records.ts'
import type { World } from '../world/world.ts'
import { html, type Html } from './html.ts'
import { problemPage, type PageAnswer, type PageRoute, type SignedInCall } from './page-call.ts'

/** The access portal: accounts with their roles, credentials to copy, and what links to a role lead to. */
export const portalPages: readonly PageRoute[] = [
  { method: 'GET', path: '/', open: true, run: () => ({ kind: 'redirect', to: '/start' }) },
  { method: 'GET', path: '/start', run: showAccounts },
  { method: 'GET', path: '/start/credentials', run: showCredentials },
  { method: 'GET', path: '/start/console', run: showConsole },
]

function showAccounts(call: SignedInCall): PageAnswer {
  const byAccount = Map.groupBy(accessOf(call), ({ accountId }) => accountId)
  const accounts = [...byAccount].map(([id, roles]) => showAccount(call.world, id, roles))
  const body = accounts.length === 0 ? html`<p>You have no access to any account.</p>` : html`${accounts}`
  return { kind: 'page', page: { title: 'AWS accounts', body } }
}

function showAccount(world: World, id: string, roles: readonly Access[]): Html {
  const account = world.accounts.get(id)
  return html`<details class="sheet" open>
    <summary>
      <b>${account?.name}</b> <span class="quiet">${id}</span> <span class="quiet">${account?.email}</span>
    </summary>
    ${showRoles(roles)}
  </details>`
}

function showRoles(roles: readonly Access[]): Html {
  const rows = roles.map((access) => {
    const query = `account_id=${access.accountId}&role_name=${encodeURIComponent(access.permissionSet.name)}`
    return html`<li>
      <strong>${access.permissionSet.name}</strong>
      <a href="/start/console?${query}">Management console</a>
      <a href="/start/credentials?${query}">Command line access</a>
    </li>`
  })
  return html`<ul>
    ${rows}
  </ul>`
}

function showCredentials(call: SignedInCall): PageAnswer {
  const made = assume(call)
  if (made === undefined) return noAccess()
  const { session, access } = made
  const { startUrl, region } = call.world.home()
  const values = [
    ['aws_access_key_id', session.accessKeyId],
    ['aws_secret_access_key', session.secret],
    ['aws_session_token', session.token],
  ] as const
  const { accountId, permissionSet } = access
  const configured = [
    `sso_start_url = ${startUrl}`,
    `sso_region = ${region}`,
    `sso_account_id = ${accountId}`,
    `sso_role_name = ${permissionSet.name}`,
  ]
  const exported = values.map(([name, value]) => `export ${name.toUpperCase()}="${value}"`)
  const profile = [`[${accountId}_${permissionSet.name}]`, ...values.map(([name, value]) => `${name}=${value}`)]
  const body = html`<p>
      <b>${permissionSet.name}</b> in ${accountName(call.world, access)}, until
      <time>${new Date(session.expiresAt).toISOString()}</time>.
    </p>
    <h2>IAM Identity Center credentials (renewed by the AWS CLI itself)</h2>
    ${showLines(configured)}
    <h2>Option 1: environment variables</h2>
    ${showLines(exported)}
    <h2>Option 2: a profile in the credentials file</h2>
    ${showLines(profile)}
    <h2>Option 3: single values</h2>
    <dl>
      ${values.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd><code>${value}</code></dd>`,
      )}
    </dl>
    <p><a href="/start">All accounts</a></p>`
  return { kind: 'page', page: { title: 'Command line access', body } }
}

function showLines(lines: readonly string[]): Html {
  return html`<pre>${lines.join('\n')}</pre>`
}

/** Where `{start URL}/#/console?account_id=…&role_name=…&destination=…` leads. */
function showConsole(call: SignedInCall): PageAnswer {
  const { world, query } = call
  if (query.get('role_name') === null) return chooseRole(call)
  const made = assume(call)
  if (made === undefined) return noAccess()
  const { access, arn } = made
  const destination = query.get('destination') ?? access.permissionSet.relayState ?? 'the console home'
  const body = html`<p>The sandbox has no console. This is who you would be in it:</p>
    <dl class="sheet">
      <dt>Account</dt>
      <dd>${accountName(world, access)}</dd>
      <dt>Role</dt>
      <dd>${access.permissionSet.name}</dd>
      <dt>Signed in as</dt>
      <dd><code>${arn}</code></dd>
      <dt>Page</dt>
      <dd><code>${destination}</code></dd>
    </dl>
    <p><a href="/start">All accounts</a></p>`
  return { kind: 'page', page: { title: 'Management console', body } }
}

function chooseRole(call: SignedInCall): PageAnswer {
  const accountId = call.query.get('account_id')
  const roles = accessOf(call).filter((access) => access.accountId === accountId)
  if (accountId === null || roles.length === 0) return noAccess()
  return { kind: 'page', page: { title: 'Choose a role', body: showAccount(call.world, accountId, roles) } }
}

function assume(
  call: SignedInCall,
): { readonly access: Access; readonly session: Session; readonly arn: string } | undefined {
  const { world, now, query, visitor } = call
  const { user, session: signIn } = visitor
  const wanted = {
    userId: user.id,
    accountId: query.get('account_id') ?? '',
    permissionSet: query.get('role_name') ?? '',
  }
  const access = findAccess(world, wanted, { now, staleMs: 0 })
  const made = access === undefined ? undefined : createCredentials(world, { access, user, asserted: signIn.tags }, now)
  if (access === undefined || made === undefined) return undefined
  const { session, role } = made
  return {
    access,
    session,
    arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${session.sessionName}`,
  }
}

function accessOf({ world, now, visitor }: SignedInCall): readonly Access[] {
  return listAccess(world, visitor.user.id, { now, staleMs: 0 })
}

function accountName(world: World, { accountId }: Access): string {
  return `${world.accounts.get(accountId)?.name} (${accountId})`
}

function noAccess(): PageAnswer {
  const body = html`<p>This account and role are not assigned to you. <a href="/start">See what is</a>.</p>`
  return problemPage('No access', body, 403)
}
