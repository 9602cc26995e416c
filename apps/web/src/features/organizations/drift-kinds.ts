import type { DriftFindingView } from '@gatehouse/api'

/** What may be changed in AWS beside Gatehouse, and how it is called. */
export const DRIFT_KINDS = [
  ['assignment-added', 'An assignment is added'],
  ['assignment-removed', 'An assignment is removed'],
  ['member-added', 'A member is added'],
  ['member-removed', 'A member is removed'],
  ['group-renamed', 'A group is renamed'],
  ['group-deleted', 'A group is deleted'],
] as const satisfies readonly (readonly [DriftFindingView['kind'], string])[]
export type DriftKind = DriftFindingView['kind']
