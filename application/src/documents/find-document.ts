import {
  type AccessList,
  type Document,
  documentOfList,
  memberName,
  type PlainDocument,
  plainDocument,
  plainMember,
  type View,
} from '@gatehouse/domain'
import { findRecord, RECORD_KINDS, type RecordKind } from './record-kinds.ts'

/** One record as a document, whole: a list with its members. A member is `<list>/<name>`. */
export function findDocument(kind: Document['kind'], name: string, view: View): PlainDocument | undefined {
  if (kind === 'access_list_member') return findMember(name, view)
  if (kind !== 'access_list') return findPlain(kind, name, view)
  const list = findRecord(kind, name, view)
  return list && plainDocument({ ...documentOfList(list, view), members: membersOf(list, view) })
}

function findPlain<Kind extends RecordKind>(kind: Kind, name: string, view: View): PlainDocument | undefined {
  const record = findRecord(kind, name, view)
  return record && plainDocument(RECORD_KINDS[kind].document(record, view))
}

function findMember(name: string, view: View): PlainDocument | undefined {
  const slash = name.indexOf('/')
  const list = findRecord('access_list', name.slice(0, slash), view)
  const member = list?.members.find((one) => memberName(one, view) === name.slice(slash + 1))
  return list && member && plainMember(list, member, view)
}

const membersOf = (list: AccessList, view: View) =>
  list.members.map((member) => ({
    kind: member.kind === 'list' ? ('list' as const) : ('user' as const),
    name: memberName(member, view),
    reason: member.reason,
    ...(member.expires === undefined ? {} : { expires: member.expires }),
  }))
