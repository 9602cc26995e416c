import { type Catalogue, setsIn } from '../identity-center/catalogue.ts'
import type { Account } from '../identity-center/account.ts'
import type { PermissionSet } from '../identity-center/permission-set.ts'
import { DomainError, shorten } from '../kernel/problems.ts'
import type { ServiceProviderName } from '../saml/service-provider.ts'
import { type RequestedAssignment, rowOfApplication } from './access-request.ts'

const KIND = 'aws_ic_account_assignment'
const ACCOUNT_KIND = 'aws_ic_account'
const MAX_LENGTH = 2048

/** `/acme.example/aws_ic_account_assignment/210987654321--readonlyaccess` */
export const formatResourceId = (cluster: string, resource: RequestedAssignment): string =>
  resourcePrefix(cluster) + resourceName(resource)

export const resourceName = ({ account, permissionSetName }: RequestedAssignment): string =>
  `${account}--${nameInResourceId(permissionSetName)}`

/** `/<cluster>/saml_idp_service_provider/<name>` */
export const formatApplicationId = (cluster: string, name: ServiceProviderName): string =>
  `/${cluster}/${rowOfApplication(name)}`

/** What stands in front of the account in every resource id. */
export const resourcePrefix = (cluster: string): string => `/${cluster}/${KIND}/`

/** As the described product does (governance facts, 6.4): what its clients hold as ids stays valid. */
export const nameInResourceId = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^0-9a-z\-@:]+/g, '_')
    .replace(/^_/, '')

/**
 * The account and set that a resource id means now, in any case.
 * @throws DomainError `invalid-value`, `not-found`, `refused`, `conflict`
 */
export function resolveResourceId(id: string, catalogue: Catalogue, cluster?: string): RequestedAssignment {
  const field = 'resource_ids'
  const [, idCluster, kind, name, rest] =
    /^\/([^/]+)\/([^/]+)\/([^/]+)(\/.*)?$/.exec(id.length > MAX_LENGTH ? '' : id.replace(/\/+$/, '')) ?? []
  if (idCluster === undefined || kind === undefined || name === undefined || rest !== undefined)
    throw new DomainError({
      code: 'invalid-value',
      field,
      text: id,
      expected: `a resource id such as /${cluster ?? 'cluster'}/${KIND}/111111111111--readonlyaccess`,
    })
  if (cluster !== undefined && idCluster.toLowerCase() !== cluster.toLowerCase())
    throw new DomainError({ code: 'not-found', kind: 'cluster', name: idCluster, field, suggestion: cluster })
  if (kind.toLowerCase() === ACCOUNT_KIND) throw wholeAccount(idCluster)
  if (kind.toLowerCase() !== KIND)
    throw new DomainError({ code: 'invalid-value', field, text: shorten(kind), expected: `the kind ${KIND}` })
  const separator = name.indexOf('--')
  const account = separator < 0 ? undefined : findAccount(name.slice(0, separator), catalogue)
  const set = account && findSet(name.slice(separator + 2), setsIn(catalogue, account.id))
  if (!account || !set) throw new DomainError({ code: 'not-found', kind: 'account assignment', name, field })
  return { account: account.id, permissionSet: set.arn, accountName: account.name, permissionSetName: set.name }
}

const findAccount = (id: string, catalogue: Catalogue): Account | undefined =>
  [...catalogue.accounts.values()].find((account) => account.id === id)

/** Its exact name wins; otherwise one set, and only one, may have it in any case or in the form of an id. */
function findSet(name: string, sets: readonly PermissionSet[]): PermissionSet | undefined {
  const exact = sets.filter((set) => set.name === name)
  const fitting =
    exact.length > 0 ? exact : sets.filter(({ name: one }) => nameInResourceId(one) === nameInResourceId(name))
  const [found, another] = fitting
  if (!found || !another) return found
  if (fitting.some((set) => set.name !== found.name)) return undefined
  throw new DomainError({
    code: 'conflict',
    message: `The account is in two organizations now, and both have the permission set "${shorten(found.name)}".`,
    remedy: 'It is moving from one to the other: ask again once Gatehouse has read both.',
  })
}

/** An account alone says nothing of what may be done in it. Whether it is there is told to nobody by this. */
const wholeAccount = (cluster: string): DomainError =>
  new DomainError({
    code: 'refused',
    message: 'A whole account can not be requested.',
    remedy: `Ask for permission sets of it: /${cluster}/${KIND}/<account id>--<permission set>; "tsh request search" shows yours.`,
  })
