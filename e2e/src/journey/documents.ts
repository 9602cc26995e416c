import { documentSchema } from '@gatehouse/api'
import { z } from 'zod'
import type { Person } from './command.ts'

// What `tctl create -f` reads; JSON is YAML, too.

const entrySchema = z.looseObject({ name: z.string(), membership_kind: z.string().optional() })
const listSchema = documentSchema.extend({
  spec: z.looseObject({
    title: z.string(),
    owners: z.array(entrySchema),
    members: z.array(entrySchema).optional(),
    grants: z.looseObject({ roles: z.array(z.string()).optional() }).optional(),
  }),
})
export type ListDocument = z.infer<typeof listSchema>
type ListSpec = ListDocument['spec']

export const apply = (person: Person, documents: readonly unknown[], ...args: string[]) =>
  person.tctl(['create', '-f', '-', ...args], asText(documents))

export const asText = (documents: readonly unknown[]): string =>
  documents.map((document) => JSON.stringify(document)).join('\n---\n')

/** A user with exactly these roles. */
export const userDocument = (name: string, roles: readonly string[]) => ({
  kind: 'user',
  version: 'v2',
  metadata: { name },
  spec: { roles },
})

export const roleDocument = (name: string, allow: object) => ({
  kind: 'role',
  version: 'v8',
  metadata: { name },
  spec: { allow },
})

export const listDocument = (
  name: string,
  { owner, members, roles }: { owner: string; members: readonly string[]; roles: readonly string[] },
) => ({
  kind: 'access_list',
  version: 'v1',
  metadata: { name },
  spec: {
    title: name,
    owners: [{ name: owner }],
    members: members.map((member) => ({ name: member })),
    grants: { roles },
  },
})

export const everyList = (person: Person): Promise<ListDocument[]> =>
  person.tctlJson(z.array(listSchema), ['get', 'access_lists'])

export async function listTitled(person: Person, title: string): Promise<ListDocument> {
  const found = (await everyList(person)).find(({ spec }) => spec.title === title)
  if (!found) throw new Error(`There is no access list ${title}.`)
  return found
}

/** Changes some of a list's document and leaves the rest as it is. */
export async function changeList(
  person: Person,
  title: string,
  change: (spec: ListSpec) => Partial<ListSpec>,
): Promise<void> {
  const { kind, version, metadata, spec } = await listTitled(person, title)
  await apply(person, [{ kind, version, metadata, spec: { ...spec, ...change(spec) } }])
}
