import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { SsoSession } from './choose-profile.ts'

/** What `aws sso login` keeps (AWS CLI, `awscli/customizations/sso`; the fields are those of its token cache). */
const tokenSchema = z.object({
  startUrl: z.string(),
  accessToken: z.string().min(1),
  expiresAt: z.string(),
  refreshToken: z.string().optional(),
  registrationExpiresAt: z.string().optional(),
})

/** The command that is to be run needs the token for a moment. */
const MARGIN_MS = 60_000

/** Whether AWS's programs have a token for a session that is valid, or that they renew by themselves. */
export function isSignedIn(
  { name, startUrl }: SsoSession,
  environment: Readonly<Record<string, string | undefined>>,
  now = Date.now(),
): boolean {
  const file = `${createHash('sha1').update(name).digest('hex')}.json`
  const path = join(environment['HOME'] ?? homedir(), '.aws', 'sso', 'cache', file)
  const token = tokenSchema.safeParse(readJson(path)).data
  if (!token || (startUrl !== undefined && token.startUrl !== startUrl)) return false
  const isValid = (until: string | undefined): boolean => Date.parse(until ?? '') - now > MARGIN_MS
  return isValid(token.expiresAt) || (token.refreshToken !== undefined && isValid(token.registrationExpiresAt))
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined // Missing or damaged: signing in writes it anew.
  }
}
