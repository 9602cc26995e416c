import { z } from 'zod'
import type { World } from './world.ts'

const KINDS = {
  create: { records: 'AccountAssignmentsCreationStatus', record: 'AccountAssignmentCreationStatus' },
  delete: { records: 'AccountAssignmentsDeletionStatus', record: 'AccountAssignmentDeletionStatus' },
} as const
type Kind = keyof typeof KINDS

const recordsSchema = z.array(z.object({ RequestId: z.string(), CreatedDate: z.string() }))
const recordSchema = z.object({ TargetId: z.string(), PermissionSetArn: z.string(), PrincipalId: z.string() })

/** What AWS keys an account assignment of a user by, in names. */
export interface AssignmentKey {
  readonly user: string
  readonly accountId: string
  readonly permissionSetArn: string
}

/**
 * What AWS was asked to do with an assignment since then: `create` and `delete`, as often as it was. AWS keeps a record
 * of every request that it took ("ListAccountAssignmentCreationStatus", IAM Identity Center API Reference).
 */
export async function assignmentChanges(world: World, key: AssignmentKey, since: number): Promise<readonly Kind[]> {
  const { id: principal } = await world.sandbox.control.user(key.user)
  const changes: Kind[] = []
  for (const kind of ['create', 'delete'] as const)
    for (const id of await requestsSince(world, kind, since)) {
      const { TargetId, PermissionSetArn, PrincipalId } = await describe(world, kind, id)
      const isMeant = TargetId === key.accountId && PermissionSetArn === key.permissionSetArn
      if (isMeant && PrincipalId === principal) changes.push(kind)
    }
  return changes
}

/** Newest first, so that whatever follows an older one is older. */
async function requestsSince({ sandbox }: World, kind: Kind, since: number): Promise<readonly string[]> {
  const { records, record } = KINDS[kind]
  const pageSchema = z.object({ [records]: recordsSchema, NextToken: z.string().optional() })
  const found: string[] = []
  let token: string | undefined
  do {
    const input = { InstanceArn: sandbox.instanceArn, ...(token === undefined ? {} : { NextToken: token }) }
    const page = pageSchema.parse(await sandbox.control.perform('sso-admin', `List${record}`, input))
    const rows = recordsSchema.parse(page[records])
    const recent = rows.filter(({ CreatedDate }) => Date.parse(CreatedDate) >= since)
    found.push(...recent.map(({ RequestId }) => RequestId))
    token = recent.length < rows.length ? undefined : z.string().optional().parse(page['NextToken'])
  } while (token !== undefined)
  return found
}

async function describe({ sandbox }: World, kind: Kind, id: string): Promise<z.infer<typeof recordSchema>> {
  const { record } = KINDS[kind]
  const name = record.replace(/Status$/, 'RequestId')
  const input = { InstanceArn: sandbox.instanceArn, [name]: id }
  const answer = await sandbox.control.perform('sso-admin', `Describe${record}`, input)
  return z.object({ [record]: recordSchema }).parse(answer)[record] ?? recordSchema.parse(undefined)
}
