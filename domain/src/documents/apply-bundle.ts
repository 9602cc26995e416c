import { whatToKnow } from '../bundles/what-to-know.ts'
import type { BundleDocument, ParsedDocument } from './document.ts'
import type { Drafts } from './drafts.ts'

/** What it holds is nobody's secret to whoever may write it, so it is told at once what does not fit. */
export function applyBundle(document: BundleDocument, parsed: ParsedDocument, drafts: Drafts): void {
  const before = drafts.bundles.get(document.name.toLowerCase())
  drafts.refuseExisting('bundle', document.name, before !== undefined)
  drafts.refuseOtherSpelling('bundle', document.name, before)
  const { kind: _, ...bundle } = document
  const settled = drafts.settle('bundle', document.name, before, bundle)
  drafts.bundles.set(document.name.toLowerCase(), settled)
  for (const message of whatToKnow(settled, drafts.input.view))
    drafts.warnings.push({ field: 'spec', line: parsed.line, message })
}
