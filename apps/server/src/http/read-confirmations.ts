import type { AuditLog } from '@gatehouse/application'
import { type GrantKey, grantKey, type Instant, parseInstant } from '@gatehouse/domain'
import { z } from 'zod'

/** When AWS last confirmed that somebody was given an account assignment, and that it was taken away. */
export interface Confirmations {
  find(change: 'created' | 'deleted', awsPrincipal: string | undefined, grant: GrantKey): Confirmation | undefined
}

interface Confirmation {
  readonly at: Instant
  /** When AWS took the request. */
  readonly sentAt?: Instant
}

export const NO_CONFIRMATIONS: Confirmations = { find: () => undefined }

const PAGE = 500
/** Who asks about a request of long ago is told when AWS was last seen to agree instead. */
const MOST_READ = 5_000

const fieldsSchema = z.object({
  success: z.literal(true),
  sent_at: z.string().optional(),
  principal_metadata: z.object({ external_id: z.string() }),
  principal_assignments: z.array(z.object({ account_id: z.string(), permission_set_arn: z.string() })),
})

/** Looks through the audit log from now back to an instant. */
export async function readConfirmations(
  auditLog: Pick<AuditLog, 'list'>,
  since: Instant,
  signal: AbortSignal,
): Promise<Confirmations> {
  const [created, deleted] = await Promise.all(
    (['created', 'deleted'] as const).map((change) => readLatest(auditLog, change, since, signal)),
  )
  const known = { created, deleted }
  return { find: (change, awsPrincipal, grant) => known[change]?.get(`${awsPrincipal}|${grant}`) }
}

async function readLatest(
  auditLog: Pick<AuditLog, 'list'>,
  change: 'created' | 'deleted',
  since: Instant,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Confirmation>> {
  const latest = new Map<string, Confirmation>()
  const event = `aws_identity_center.account_assignment.${change}`
  let before: number | undefined
  for (let read = 0; read < MOST_READ; read += PAGE) {
    const page = await auditLog.list({ limit: PAGE, event, ...(before === undefined ? {} : { before }) }, signal)
    for (const { time, fields } of page) {
      if (time < since) return latest
      const parsed = fieldsSchema.safeParse(fields)
      if (!parsed.success) continue
      const { sent_at: sentAt } = parsed.data
      const confirmation = { at: time, ...(sentAt === undefined ? {} : { sentAt: parseInstant(sentAt) }) }
      for (const key of keysOf(parsed.data)) if (!latest.has(key)) latest.set(key, confirmation)
    }
    before = page.at(-1)?.seq
    if (page.length < PAGE) break
  }
  return latest
}

function keysOf({
  principal_metadata: principal,
  principal_assignments: assignments,
}: z.infer<typeof fieldsSchema>): readonly string[] {
  return assignments.map(({ account_id: account, permission_set_arn: permissionSet }) => {
    // As AWS named them when the event was recorded.
    const grant = { account, permissionSet } as Parameters<typeof grantKey>[0]
    return `${principal.external_id}|${grantKey(grant)}`
  })
}
