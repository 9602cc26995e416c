import type { Document } from '@gatehouse/api'

/** The server relies on it, and keeps it as it is; others that come with Gatehouse are only a beginning. */
export const isBuiltIn = ({ metadata }: Pick<Document, 'metadata'>): boolean => {
  const labels: unknown = metadata['labels']
  const isKnown = typeof labels === 'object' && labels !== null && 'teleport.internal/resource-type' in labels
  return isKnown && labels['teleport.internal/resource-type'] === 'system'
}
