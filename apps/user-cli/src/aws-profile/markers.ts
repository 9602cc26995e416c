import { fromBytes, type Section, toBytes } from './config-file.ts'

/** Who wrote a section, as the comment above it says. */
export type Owner = { readonly kind: 'gatehouse'; readonly cluster: string } | { readonly kind: 'described-product' }

const OURS = /^[ \t]*[#;] Do not edit\. Section managed by Gatehouse \(cluster ([^\r\n]+)\)\.[ \t]*\r?\n?$/
/** The described product's own marker; a similar one without the parenthesis belongs to another of its features. */
const THEIRS = 'Do not edit. Section managed by Teleport (AWS Identity Center integration).'

export const markerFor = (cluster: string): string =>
  toBytes(`; Do not edit. Section managed by Gatehouse (cluster ${cluster}).`)
export const isMarker = (comment: string): boolean => OURS.test(comment) || comment.includes(THEIRS)

export function ownerOf({ lead }: Section): Owner | undefined {
  const marker = lead.find(isMarker)
  if (marker === undefined) return undefined
  const cluster = OURS.exec(marker)?.[1]
  return cluster === undefined ? { kind: 'described-product' } : { kind: 'gatehouse', cluster: fromBytes(cluster) }
}
