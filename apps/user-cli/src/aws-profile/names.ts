import { createHash } from 'node:crypto'
import { usageError } from '@gatehouse/cli-kit'

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
  readonly organization: string
  readonly cluster: string
  readonly region: string
  readonly labels: Readonly<Record<string, string>>
}

/** Names a profile. */
export type NameTemplate = (parts: ProfileParts) => string

const PLACEHOLDERS: Readonly<Record<string, (parts: ProfileParts) => string>> = {
  // An account whose name has nothing that a profile's name may hold goes by its id.
  account: ({ accountName, accountId }) => (sanitize(accountName).replaceAll('-', '') === '' ? accountId : accountName),
  account_id: ({ accountId }) => accountId,
  role: ({ role }) => role,
  organization: ({ organization }) => organization,
  cluster: ({ cluster }) => cluster,
  region: ({ region }) => region,
}

/** @throws CliError `wrong usage` for a placeholder that there is not. */
export function parseNameTemplate(text: string): NameTemplate {
  const pieces = text.split(/(\{[^{}]*\})/).map((piece): NameTemplate => {
    if (!/[{}]/.test(piece)) return () => piece
    const inner = piece.slice(1, -1)
    const label = /^label:(.+)$/.exec(inner)?.[1]
    if (label !== undefined) return ({ labels }) => labels[label] ?? ''
    const known = Object.entries(PLACEHOLDERS).find(([name]) => piece === `{${name}}`)
    if (known) return known[1]
    const all = [...Object.keys(PLACEHOLDERS), 'label:KEY'].map((name) => `{${name}}`).join(', ')
    throw usageError(`--name-template does not know ${piece}.`, `Use any of ${all}.`)
  })
  return (parts) => {
    const name = sanitize(pieces.map((piece) => piece(parts)).join(''))
      .toLowerCase()
      .replace(/^-+/, '') // or it would look like a flag
    if (name === '') return parts.accountId
    // That profile is the person's own, and has two spellings.
    return name === 'default' ? `default-${parts.accountId}` : name
  }
}

/** Seven hexadecimal digits that tell one address from another. */
export const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 7)

/** Nothing that could end a section's name, whatever AWS calls its accounts. */
const sanitize = (text: string): string => text.replaceAll(' ', '-').replaceAll(/[^A-Za-z0-9_-]/g, '')
