import { z } from 'zod'
import { time } from './fields.ts'

/** One change to AWS, in words and in parts. */
export const operationSchema = z
  .object({
    /** Stable from one plan to the next; a release names it. */
    key: z.string(),
    kind: z.enum([
      'create-user',
      'update-user',
      'delete-user',
      'create-group',
      'rename-group',
      'delete-group',
      'add-member',
      'remove-member',
      'create-assignment',
      'delete-assignment',
    ]),
    removes: z.boolean(),
    /** One line for people. */
    summary: z.string(),
    principal: z.object({ type: z.enum(['USER', 'GROUP']), name: z.string() }).optional(),
    account: z.object({ id: z.string(), name: z.string() }).optional(),
    permissionSet: z.object({ arn: z.string(), name: z.string() }).optional(),
    group: z.string().optional(),
    user: z.string().optional(),
    /** Why: the leases behind a grant, the decision or the end behind a removal. */
    cause: z.string().optional(),
    lane: z.string().optional(),
  })
  .meta({ id: 'Operation' })
export type OperationView = z.infer<typeof operationSchema>

const noteSchema = z
  .object({ kind: z.string(), about: z.string(), message: z.string() })
  .meta({ id: 'PlanNote', description: 'Something a person should see: a conflict, an account that is skipped.' })
const heldSchema = z.object({ operation: operationSchema, reason: z.string() }).meta({ id: 'HeldOperation' })

const driftSchema = z
  .object({
    kind: z.enum([
      'assignment-added',
      'assignment-removed',
      'member-added',
      'member-removed',
      'group-renamed',
      'group-deleted',
    ]),
    /** What happened in AWS. */
    message: z.string(),
    /** What would take it back. */
    operation: operationSchema,
    /** Whether the records can follow it; what was removed is decided where it was given. */
    mayFollow: z.boolean(),
  })
  .meta({ id: 'DriftFinding' })
export type DriftFindingView = z.infer<typeof driftSchema>

export const planSchema = z
  .object({
    organization: z.string(),
    mode: z.enum(['shadow', 'active']),
    /** `start` carries it: what starts is what was read. */
    hash: z.string(),
    madeAt: time,
    /** When the sweep that the plan rests on ended; absent before the first. */
    sweptAt: time.optional(),
    /** Of all pages, like `totals`. */
    counts: z.record(z.string(), z.number().int()),
    totals: z.object({ operations: z.number().int(), held: z.number().int(), notes: z.number().int() }),
    operations: z.array(operationSchema),
    held: z.array(heldSchema),
    notes: z.array(noteSchema),
    /** There is more of one of the three lists. */
    next: z.string().optional(),
  })
  .meta({ id: 'Plan' })
export type PlanView = z.infer<typeof planSchema>

const namedAccounts = z.object({
  count: z.number().int(),
  /** A hundred of them at most. */
  names: z.array(z.string()),
})

export const organizationStatusSchema = z
  .object({
    organization: z.string(),
    mode: z.enum(['shadow', 'active']),
    /** `ok`; `attention`: somebody should look; `failing`: AWS can't be read or written. */
    health: z.enum(['ok', 'attention', 'failing']),
    message: z.string(),
    sweep: z.object({
      lastAt: time.optional(),
      nextAt: time.optional(),
      running: z.boolean(),
      /** How far the one that is running has come. */
      progress: z
        .object({
          phase: z.enum(['listing', 'permission-sets', 'members', 'assignments', 'adopting']),
          done: z.number().int(),
          /** Of this phase; absent while it is not known. */
          total: z.number().int().optional(),
          /** When this phase began. */
          since: time,
        })
        .optional(),
      error: z.string().optional(),
    }),
    round: z.object({ lastAt: time.optional(), error: z.string().optional() }),
    /** The longest ago that a principal's assignments were read. */
    oldestVisitAt: time.optional(),
    adopted: z.boolean(),
    managed: z.object({
      users: z.number().int(),
      groups: z.number().int(),
      members: z.number().int(),
      assignments: z.number().int(),
      /** Of them, those of people that were found in AWS and taken over. */
      adopted: z.number().int(),
    }),
    /** AWS ends a token a year after it was made: at the latest a year after it was given here. Absent where that is not known. */
    scimToken: z.object({ givenAt: time, endsBy: time }).optional(),
    /** The last accounts that came into the account filter or fell out of it, as a reading found; absent where there were none. */
    accountMoves: z
      .object({
        at: time,
        /** AWS had them before, and the filter lets them in now. */
        letIn: namedAccounts,
        /** AWS still has them, and the filter keeps them out now. */
        keptOut: namedAccounts,
        addedInAws: namedAccounts,
        goneFromAws: namedAccounts,
      })
      .optional(),
    inFlight: z.array(
      z.object({
        key: z.string(),
        kind: z.string(),
        summary: z.string(),
        state: z.enum(['intended', 'sent', 'failed', 'unknown']),
        attempts: z.number().int(),
        since: time,
        nextTryAt: time.optional(),
        /** What AWS said, in its own words, and what to do about that. */
        error: z.string().optional(),
        remedy: z.string().optional(),
      }),
    ),
    held: z.array(heldSchema),
    /** What was changed in AWS beside Gatehouse, and drift policy leaves to a person. */
    drift: z.array(driftSchema),
    findings: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        message: z.string(),
        foundAt: time,
        /** A release names it: it says how much is gone. Absent where there is nothing to believe. */
        key: z.string().optional(),
      }),
    ),
    notes: z.array(noteSchema),
    totals: z.object({
      inFlight: z.number().int(),
      held: z.number().int(),
      drift: z.number().int(),
      findings: z.number().int(),
      notes: z.number().int(),
    }),
    /** There is more of one of the five lists. */
    next: z.string().optional(),
  })
  .meta({ id: 'OrganizationStatus' })
export type OrganizationStatusView = z.infer<typeof organizationStatusSchema>
