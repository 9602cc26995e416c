import type { GatehouseClient } from '@gatehouse/api'
import type { Page } from 'playwright-core'
import { ORGANIZATION } from '../harness/enrol.ts'
import type { Sandbox } from '../harness/sandbox.ts'
import { waitFor } from '../harness/wait-for.ts'
import { ENGINEER, REVIEWER } from './web-world.ts'

/** Markup, the end of an isolation and an override of the writing direction, pictures made of several characters, a word that never ends. */
const HOSTILE = `<img src=x onerror="document.title='owned'">\u2069\u202Eevil مرحبا 👩‍💻 ${'W'.repeat(5_000)}${' very long'.repeat(480)}■`

export const USER = 'hostile-user@acme.example'
/** Somebody whom no record knows is put into a group in AWS; his name stands in the middle of sentences. */
const STRANGER = 'hostile-stranger@acme.example'
/** What people may call something, as it is while it is written down; pages get the hostile text in its place. */
const NAMES = [
  ...['title', 'role', 'description', 'reason', 'name', 'locked', 'provider', 'note'].map((what) => `hostile-${what}`),
  USER,
  'account-0001',
  'Set0000',
]

/** What has an id that nobody knows before. */
export interface Planted {
  readonly request: string
  readonly lock: string
}

/** Everything that people name, with names that the page replaces. */
export async function plantHostile(
  client: GatehouseClient,
  { sandbox, engineer }: { readonly sandbox: Sandbox; readonly engineer: () => Promise<GatehouseClient> },
): Promise<Planted> {
  const { accounts, permissionSets } = await sandbox.control.world()
  const account = accounts.find(({ name }) => name === 'account-0001')?.id ?? ''
  const set = permissionSets.find(({ name }) => name === 'Set0000')?.arn ?? ''
  const role = (name: string, allow: object) => ({
    kind: 'role',
    version: 'v8',
    metadata: { name, description: 'hostile-description' },
    spec: { allow },
  })
  const user = (name: string) => ({
    kind: 'user',
    version: 'v2',
    metadata: { name },
    spec: { roles: ['hostile-role'], traits: { display_name: ['hostile-name'], team: ['hostile-note'] } },
  })
  const list = (name: string, member: string, grants: readonly string[]) => ({
    kind: 'access_list',
    version: 'v1',
    metadata: { name, labels: { team: 'hostile-note' } },
    spec: {
      title: name === 'hostile-list' ? 'hostile-title' : name,
      description: 'hostile-description',
      owners: [{ name: REVIEWER, description: 'hostile-reason' }],
      members: [{ name: member, reason: 'hostile-reason' }],
      grants: { roles: grants, traits: { team: ['hostile-note'] } },
      audit: { next_audit_date: new Date(Date.now() + 3 * 86_400_000).toISOString() },
    },
  })
  const documents = [
    role('hostile-role', { account_assignments: [{ account, permission_set: set }] }),
    role('asks', { request: { roles: ['hostile-role'] } }),
    role('judges', { review_requests: { roles: ['hostile-role'] } }),
    user(USER),
    user('hostile-locked'),
    list('hostile-list', USER, ['hostile-role']),
    list('asking', ENGINEER, ['asks']),
    list('judging', REVIEWER, ['judges']),
    {
      kind: 'lock',
      version: 'v2',
      metadata: { name: 'one' },
      spec: { target: { user: 'hostile-locked' }, message: 'hostile-reason' },
    },
    {
      kind: 'saml_idp_service_provider',
      version: 'v1',
      metadata: { name: 'hostile-provider' },
      spec: { entity_id: 'https://wiki.example/hostile-note', acs_url: 'https://wiki.example/acs' },
    },
  ]
  await plantDrift(client, sandbox)
  const text = documents.map((document) => JSON.stringify(document)).join('\n---\n')
  await client.applyDocuments({ body: { mode: 'create', text } })
  const asking = await engineer()
  const { id } = await asking.createAccessRequest({ body: { roles: ['hostile-role'], reason: 'hostile-reason' } })
  const { items: locks } = await client.listDocuments({ params: { kind: 'lock' } })
  return { request: id, lock: String(locks[0]?.metadata.name) }
}

/** A change in AWS that is left to a person. */
async function plantDrift(client: GatehouseClient, { control, identityStoreId }: Sandbox): Promise<void> {
  const params = { name: ORGANIZATION }
  const [group] = (await control.world()).groups
  await client.editOrganization({ params, body: { driftPolicy: { 'member-added': 'report' } } })
  const there = { IdentityStoreId: identityStoreId }
  const named = { UserName: STRANGER, DisplayName: 'S', Name: { GivenName: 'S', FamilyName: 'T' } }
  await control.perform('identitystore', 'CreateUser', { ...there, ...named })
  const MemberId = { UserId: (await control.user(STRANGER)).id }
  await control.perform('identitystore', 'CreateGroupMembership', { ...there, GroupId: group?.id ?? '', MemberId })
  await waitFor('the change to be found', async () => {
    await client.getPlan({ params, query: { refresh: true } })
    const { totals } = await client.getOrganizationStatus({ params })
    return totals.drift > 0 || undefined
  })
}

/** What the server answers names people and things as somebody would who means harm; addresses stay as they are. */
export async function makeHostile(page: Page): Promise<void> {
  const inJson = JSON.stringify(HOSTILE).slice(1, -1)
  await page.route(/\/v1\/(?!changes)/, async (route) => {
    const response = await route.fetch()
    let body = await response.text()
    for (const name of NAMES) body = body.replaceAll(`"${name}"`, `"${inJson}"`)
    body = body.replaceAll(STRANGER, inJson)
    await route.fulfill({ response, body })
  })
}

/** Text that comes after a hostile one in the same line and would be written backwards, by what it says. */
export const findReversed = async (page: Page): Promise<readonly string[]> => {
  const found = await page.evaluate(`(() => {
    const isIsolated = (element) => {
      const { unicodeBidi, display } = getComputedStyle(element)
      return unicodeBidi.startsWith('isolate') || unicodeBidi === 'plaintext' || display !== 'inline'
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const reversed = new Set()
    while (texts.nextNode()) {
      const node = texts.currentNode
      if (!node.data.includes('\\u202E') || node.parentElement.closest('script, style, textarea, pre')) continue
      let line = node.parentElement
      // A text that ends isolations is held by its block alone.
      const isHeld = (element) => isIsolated(element) && getComputedStyle(element).display !== 'inline'
      while (!(node.data.includes('\\u2069') ? isHeld(line) : isIsolated(line))) line = line.parentElement
      const after = line.textContent.split('\\u202E').slice(1).map((part) => part.slice(part.search(/[■…]/) + 1))
      for (const text of after)
        if (/[\\p{L}\\p{N}]/u.test(text)) reversed.add(line.tagName + ': …' + text.slice(0, 60))
    }
    return [...reversed]
  })()`)
  return Array.isArray(found) ? found.map(String) : []
}

/** Elements that are taller than any name may make them. */
export const findTall = async (page: Page): Promise<readonly string[]> => {
  const found = await page.evaluate(`(() => {
    const tall = []
    for (const element of document.querySelectorAll('body *')) {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.includes('■'))
      if (own && !element.closest('textarea, pre, .code') && element.getBoundingClientRect().height > (innerWidth < 400 ? 600 : 200))
        tall.push(element.tagName + '.' + element.className + ' ' + Math.round(element.getBoundingClientRect().height))
    }
    return tall
  })()`)
  return Array.isArray(found) ? found.map(String) : []
}
