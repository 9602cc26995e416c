import {
  type Document,
  documentOfApprovalRule,
  documentOfBundle,
  documentOfList,
  documentOfLock,
  documentOfRole,
  documentOfServiceProvider,
  documentOfUser,
  memberName,
  type PlainDocument,
  plainDocument,
  plainMember,
  type View,
} from '@gatehouse/domain'

/** One record as a document, whole: a list with its members. A member is `<list>/<name>`. */
export function findDocument(kind: Document['kind'], name: string, view: View): PlainDocument | undefined {
  switch (kind) {
    case 'role': {
      const role = view.roles.find((one) => one.name === name)
      return role && plainDocument(documentOfRole(role))
    }
    case 'user': {
      const user = view.users.find((one) => one.name === name)
      return user && plainDocument(documentOfUser(user, view))
    }
    case 'access_list': {
      const list = view.lists.find(({ id }) => id === name)
      if (!list) return undefined
      const members = list.members.map((member) => ({
        kind: member.kind === 'list' ? ('list' as const) : ('user' as const),
        name: memberName(member, view),
        reason: member.reason,
        ...(member.expires === undefined ? {} : { expires: member.expires }),
      }))
      return plainDocument({ ...documentOfList(list, view), members })
    }
    case 'access_list_member': {
      const slash = name.indexOf('/')
      const list = view.lists.find(({ id }) => id === name.slice(0, slash))
      const member = list?.members.find((one) => memberName(one, view) === name.slice(slash + 1))
      return list && member && plainMember(list, member, view)
    }
    case 'lock': {
      const lock = view.locks.find(({ id }) => id === name)
      return lock && plainDocument(documentOfLock(lock, view))
    }
    case 'approval_rule': {
      const rule = view.approvalRules.find((one) => one.name === name)
      return rule && plainDocument(documentOfApprovalRule(rule, view))
    }
    case 'bundle': {
      const bundle = view.bundles.find((one) => one.name === name)
      return bundle && plainDocument(documentOfBundle(bundle))
    }
    case 'saml_idp_service_provider': {
      const provider = view.serviceProviders.find((one) => one.name === name)
      return provider && plainDocument(documentOfServiceProvider(provider))
    }
  }
}
