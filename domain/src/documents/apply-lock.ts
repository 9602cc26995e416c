import type { LockDocument, ParsedDocument } from './document.ts'
import type { Drafts } from './drafts.ts'

export function applyLock(document: LockDocument, parsed: ParsedDocument, drafts: Drafts): void {
  const before = drafts.locks.get(document.name)
  drafts.refuseExisting('lock', document.name, before !== undefined)
  const lock = {
    id: document.name,
    target: drafts.lookup.lockTarget(document.target, parsed),
    message: document.message,
    createdAt: before?.createdAt ?? drafts.input.now,
    createdBy: before?.createdBy ?? drafts.input.by.name,
    ...(document.expires === undefined ? {} : { expires: document.expires }),
  }
  drafts.locks.set(document.name, drafts.settle('lock', document.name, before, lock))
}
