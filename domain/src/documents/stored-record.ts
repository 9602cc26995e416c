import type { RuleResource } from '../roles/rules.ts'
import { memberName } from './audit-fields.ts'
import { resourceOf } from './authorize-document.ts'
import type { Document } from './document.ts'
import type { Drafts } from './drafts.ts'

export interface StoredRecord extends RuleResource {
  readonly revision: number
}

/** The record that a document is about, before anything is drafted. A member has its list's revision. */
export function storedRecord(document: Document, drafts: Drafts): StoredRecord | undefined {
  switch (document.kind) {
    case 'role':
      return drafts.roles.get(document.name.toLowerCase())
    case 'user':
      return drafts.users.get(document.name.toLowerCase())
    case 'saml_idp_service_provider':
      return drafts.providers.get(document.name.toLowerCase())
    case 'bundle':
      return drafts.bundles.get(document.name.toLowerCase())
    case 'approval_rule':
      return drafts.approvalRules.get(document.name.toLowerCase())
    case 'access_list': {
      const list = drafts.lists.get(document.name)
      return list && { ...resourceOf(list), revision: list.revision }
    }
    case 'access_list_member': {
      const list = drafts.lists.get(document.list)
      const wanted = document.member.name.toLowerCase()
      const isThere = list?.members.some((one) => memberName(one, drafts.input.view).toLowerCase() === wanted)
      return list && isThere ? { ...resourceOf(list), revision: list.revision } : undefined
    }
    case 'lock': {
      const lock = drafts.locks.get(document.name)
      return lock && { name: lock.id, labels: {}, revision: lock.revision }
    }
  }
}
