import { createHash } from 'node:crypto'

/** The address that AWS's programs want: without what a browser shows behind it (governance facts, 8.1). */
export function startUrlOf(address: string): string {
  const hash = address.indexOf('#')
  if (hash !== -1) return address.slice(0, hash).replace(/\/$/, '')
  const start = address.indexOf('/start/')
  return start === -1 ? address : address.slice(0, start + '/start'.length)
}

/** Named by the directory in the address, its first host label, or what its hash begins with. */
export function sessionNameOf(startUrl: string): string {
  const directory = /.*\/directory\/([^/?#]+)/.exec(startUrl)?.[1]
  if (directory !== undefined) return sanitize(`teleport-${directory}`)
  const host = startUrl.replace(/^https:\/\//, '')
  const dot = host.indexOf('.')
  return dot === -1 ? `teleport-${shortHash(startUrl)}` : sanitize(`teleport-${host.slice(0, dot)}`)
}

export const DEFAULT_TEMPLATE = 'teleport-awsic-{account}-{role}'

export interface ProfileParts {
  readonly accountName: string
  readonly accountId: string
  readonly role: string
}

/** An account whose name has nothing that a profile's name may hold goes by its id. */
export function profileNameOf({ accountName, accountId, role }: ProfileParts, template = DEFAULT_TEMPLATE): string {
  const parts: Readonly<Record<string, string>> = {
    account: sanitize(accountName).replaceAll('-', '') === '' ? accountId : accountName,
    account_id: accountId,
    role,
  }
  return sanitize(template.replaceAll(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? '')).toLowerCase()
}

/** Seven hexadecimal digits that tell one address from another. */
export const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 7)

/** Nothing that could end a section's name, whatever AWS calls its accounts. */
const sanitize = (text: string): string => text.replaceAll(' ', '-').replaceAll(/[^A-Za-z0-9_-]/g, '')
