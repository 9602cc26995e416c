import {
  DomainError,
  type GovernanceChange,
  mayActOnKind,
  type Organization,
  type OrganizationRemoval,
  type RuleKind,
  type RuleResource,
  type Verb,
  type OrganizationView,
} from '@gatehouse/domain'
import { type Acting, may } from '../governance/actor.ts'

/** A record that goes or is changed, and what that takes. */
interface Asked {
  readonly verb: Verb
  readonly kind: RuleKind
  readonly resource: RuleResource
}

/** Governance facts, 6.12. */
const DELETES: readonly RuleKind[] = [
  'plugin',
  'aws_identity_center',
  'saml_idp_service_provider',
  'integration',
  'access_list',
  'role',
]

/**
 * Asked about the kinds, and about each record that goes; derived roles are none. All that are missing are named at once,
 * so that one asks for them once.
 * @throws DomainError `refused`
 */
export function demandDeletes(
  acting: Acting,
  { id, name, credentials }: Organization,
  { lists, serviceProvider }: OrganizationRemoval,
): void {
  const { roles } = acting
  if (!roles) return
  const goes = (kind: RuleKind, resource: RuleResource): Asked => ({ verb: 'delete', kind, resource })
  const own = { name, labels: {} }
  const missing = missingRights(acting, [
    goes('plugin', own),
    goes('aws_identity_center', { ...own, name: id }),
    ...(serviceProvider ? [goes('saml_idp_service_provider', serviceProvider)] : []),
    ...(credentials.source === 'oidc' ? [goes('integration', { ...own, name: credentials.integration })] : []),
    ...lists.map((list) => goes('access_list', { name: list.id, labels: list.labels })),
  ])
  const kinds = DELETES.filter(
    (kind) => !mayActOnKind(roles, 'delete', kind) || missing.some((one) => one.kind === kind),
  )
  const [first] = refusals(kinds.map((kind) => ({ verb: 'delete', kind })))
  if (first) throw new DomainError({ code: 'refused', ...first })
}

/** Why somebody may not make the changes to records that stay, as they are before. */
export function refusedEdits(
  acting: Acting,
  changes: readonly GovernanceChange[],
  view: OrganizationView,
): readonly { readonly message: string; readonly remedy: string }[] {
  const asked = changes.flatMap((change): Asked[] => {
    if (!('put' in change)) return []
    if (change.put === 'user')
      return [{ verb: 'update', kind: 'user', resource: view.userById.get(change.user.id) ?? change.user }]
    if (change.put !== 'list') return []
    const { id, labels } = view.listById.get(change.list.id) ?? change.list
    return [{ verb: 'update', kind: 'access_list', resource: { name: id, labels } }]
  })
  return refusals(missingRights(acting, asked))
}

const missingRights = (acting: Acting, asked: readonly Asked[]): readonly Asked[] =>
  asked.filter(({ verb, kind, resource }) => !may(acting, verb, kind, resource))

/** Of the records only how many there are: not everybody may see them. */
function refusals(missing: readonly Pick<Asked, 'verb' | 'kind'>[]) {
  if (missing.length === 0) return []
  const counts = new Map<string, number>()
  for (const { verb, kind } of missing) {
    const right = `"${verb}" on "${kind}"`
    counts.set(right, (counts.get(right) ?? 0) + 1)
  }
  const rights = [...counts].map(([right, count]) => (count === 1 ? right : `${right} for ${count} of them`))
  return [
    {
      message: `You may not do this: it takes ${rights.join(', ')}.`,
      remedy: 'Ask an administrator for a role with rules that allow it, such as "editor".',
    },
  ]
}
