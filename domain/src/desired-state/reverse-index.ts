import type { AccessRequest } from '../access-requests/access-request.ts'
import type { AccessList } from '../access-lists/access-list.ts'
import type { AccessListId, RoleName, UserId } from '../kernel/names.ts'
import type { User } from '../users/user.ts'
import { pairedById, type RecordChanges } from './record-index.ts'
import { momentsOfLock, momentsOfMember, momentsOfRequest, momentsOfReview, Timeline } from './timeline.ts'
import type { OrganizationView } from './view.ts'
import { type Differences, differencesOf } from '../kernel/differences.ts'
import type { Lock } from '../locks/lock.ts'

/** Several values for a key. */
class Holders<K, V> {
  readonly #holders = new Map<K, Set<V>>()

  get(key: K): Iterable<V> {
    return this.#holders.get(key) ?? []
  }

  keys(): Iterable<K> {
    return this.#holders.keys()
  }

  add(key: K, value: V): void {
    const known = this.#holders.get(key)
    if (known) known.add(value)
    else this.#holders.set(key, new Set([value]))
  }

  remove(key: K, value: V): void {
    const known = this.#holders.get(key)
    known?.delete(value)
    if (known?.size === 0) this.#holders.delete(key)
  }
}

/** Who names a role, and what happens when: what a view does not answer, and a change or the time asks for. */
export class ReverseIndex {
  readonly usersWithRole = new Holders<RoleName, UserId>()
  readonly requestsForRole = new Holders<RoleName, AccessRequest>()
  readonly listsGrantingRole = new Holders<RoleName, AccessListId>()
  readonly timeline = new Timeline()

  constructor({ users, lists, requests, locks }: OrganizationView) {
    this.#users({ gone: [], come: users })
    this.#lists({ gone: [], come: lists })
    this.#requests({ gone: [], come: requests })
    this.#locks({ gone: [], come: locks })
  }

  update(changes: RecordChanges, locks: Differences<Lock>): void {
    this.#users(changes.users)
    this.#lists(changes.lists)
    this.#requests(changes.requests)
    this.#locks(locks)
  }

  /** Every name by which a role is meant somewhere. */
  roleNames(): ReadonlySet<RoleName> {
    return new Set([...this.usersWithRole.keys(), ...this.requestsForRole.keys(), ...this.listsGrantingRole.keys()])
  }

  #users({ gone, come }: Differences<User>): void {
    for (const { id, roles } of gone) for (const { name } of roles) this.usersWithRole.remove(name, id)
    for (const { id, roles } of come) for (const { name } of roles) this.usersWithRole.add(name, id)
  }

  #requests({ gone, come }: Differences<AccessRequest>): void {
    for (const request of gone) {
      for (const { name } of request.roles) this.requestsForRole.remove(name, request)
      this.timeline.remove(momentsOfRequest(request))
    }
    for (const request of come) {
      for (const { name } of request.roles) this.requestsForRole.add(name, request)
      this.timeline.add(momentsOfRequest(request))
    }
  }

  #locks({ gone, come }: Differences<Lock>): void {
    for (const lock of gone) this.timeline.remove(momentsOfLock(lock))
    for (const lock of come) this.timeline.add(momentsOfLock(lock))
  }

  #lists({ gone, come }: Differences<AccessList>): void {
    for (const { old, fresh } of pairedById(gone, come)) {
      const id = (old ?? fresh)?.id
      if (id === undefined) continue
      for (const name of grantedBy(old)) this.listsGrantingRole.remove(name, id)
      for (const name of grantedBy(fresh)) this.listsGrantingRole.add(name, id)
      if (old) this.timeline.remove(momentsOfReview(old))
      if (fresh) this.timeline.add(momentsOfReview(fresh))
      const members = differencesOf(old?.members ?? [], fresh?.members ?? [])
      for (const member of members.gone) this.timeline.remove(momentsOfMember(id, member))
      for (const member of members.come) this.timeline.add(momentsOfMember(id, member))
    }
  }
}

const grantedBy = (list: AccessList | undefined): readonly RoleName[] =>
  list ? [...list.grants.roles, ...list.ownerGrants.roles].map(({ name }) => name) : []
