import type { DocumentWarning } from '@gatehouse/domain'
import { type ApplyDocumentsCommand, applyDocuments } from '../documents/apply-documents.ts'
import type { Actor } from '../governance/actor.ts'

export interface PeopleRole {
  readonly name: string
  /** Which accounts and permission sets it gives; none: it lets people sign in to AWS, and gives nothing there. */
  readonly assignments: readonly { readonly account: string; readonly permissionSet: string }[]
}

/** A role as the guide writes it: whoever has it may sign in to AWS, and finds there what it gives. */
export function yamlOfPeopleRole({ name, assignments }: PeopleRole): string {
  const quoted = (text: string): string => JSON.stringify(text)
  const rows = assignments.flatMap(({ account, permissionSet }) => [
    `      - account: ${quoted(account)}`,
    `        permission_set: ${quoted(permissionSet)}`,
  ])
  return [
    'kind: role',
    'version: v8',
    'metadata:',
    `  name: ${quoted(name)}`,
    'spec:',
    '  allow:',
    '    app_labels:',
    "      'teleport.dev/origin': 'aws-identity-center'",
    ...(rows.length === 0 ? [] : ['    account_assignments:', ...rows]),
    '',
  ].join('\n')
}

/** Makes the role, as if its document were written by hand. @throws DomainError `already-exists`, `refused`, `invalid-value` */
export async function createPeopleRole(
  ports: Parameters<typeof applyDocuments>[0],
  { actor, ...role }: PeopleRole & { readonly actor: Actor },
  signal: AbortSignal,
): Promise<readonly DocumentWarning[]> {
  const command: ApplyDocumentsCommand = { actor, source: yamlOfPeopleRole(role), mode: 'create' }
  return (await applyDocuments(ports, command, signal)).warnings
}
