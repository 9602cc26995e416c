import type { AuditLog } from '@gatehouse/application'
import { type GrantKey, grantKey, type Instant, parseInstant } from '@gatehouse/domain'
import { z } from 'zod'

/** When AWS confirmed that somebody was given an account assignment, and that it was taken away; the latest first. */
export interface Confirmations {
  list(change: 'created' | 'deleted', awsPrincipal: string | undefined, grant: GrantKey): readonly Confirmation[]
}

interface Confirmation {
  readonly at: Instant
  /** When AWS took the request. */
  readonly sentAt?: Instant
}

export const NO_CONFIRMATIONS: Confirmations = { list: () => [] }

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
    (['created', 'deleted'] as const).map((change) => readAll(auditLog, change, since, signal)),
  )
  const known = { created, deleted }
  return { list: (change, awsPrincipal, grant) => known[change]?.get(`${awsPrincipal}|${grant}`) ?? [] }
}

async function readAll(
  auditLog: Pick<AuditLog, 'list'>,
  change: 'created' | 'deleted',
  since: Instant,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Confirmation[]>> {
  const found = new Map<string, Confirmation[]>()
  const event = `aws_identity_center.account_assignment.${change}`
  let before: number | undefined
  for (let read = 0; read < MOST_READ; read += PAGE) {
    const page = await auditLog.list({ limit: PAGE, event, ...(before === undefined ? {} : { before }) }, signal)
    for (const { time, fields } of page) {
      if (time < since) return found
      const parsed = fieldsSchema.safeParse(fields)
      if (!parsed.success) continue
      const { sent_at: sentAt } = parsed.data
      const confirmation = { at: time, ...(sentAt === undefined ? {} : { sentAt: parseInstant(sentAt) }) }
      for (const key of keysOf(parsed.data)) found.set(key, [...(found.get(key) ?? []), confirmation])
    }
    before = page.at(-1)?.seq
    if (page.length < PAGE) break
  }
  return found
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
