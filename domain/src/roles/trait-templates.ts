import type { Traits } from '../kernel/names.ts'

/**
 * `{{external.team}}` or `{{external["cost center"]}}`. `internal` reads the same traits: where they come from makes no
 * difference here.
 */
const TEMPLATE = /\{\{\s*(?:external|internal)(?:\.([\w-]+)|\["([^"\\{}]{1,255})"\])\s*\}\}/

/** A text around one trait of somebody. */
export interface TraitTemplate {
  readonly before: string
  readonly trait: string
  readonly after: string
}

export const hasTemplate = (text: string): boolean => text.includes('{{')

/** Nothing for a text that holds something else in braces, or more than one template. */
export function readTemplate(text: string): TraitTemplate | undefined {
  const found = TEMPLATE.exec(text)
  const trait = found?.[1] ?? found?.[2]
  if (!found || trait === undefined) return undefined
  const before = text.slice(0, found.index)
  const after = text.slice(found.index + found[0].length)
  return /\{\{|\}\}/.test(before + after) ? undefined : { before, trait, after }
}

/** Of a trait that is missing or has only empty values: none. */
export const traitValues = ({ trait }: TraitTemplate, traits: Traits): readonly string[] =>
  Object.hasOwn(traits, trait) ? (traits[trait] ?? []).filter((value) => value !== '') : []

/** The texts that one text stands for: itself, or one for each value of the trait that it names. */
export function expandText(text: string, traits: Traits): readonly string[] {
  const template = readTemplate(text)
  if (!template) return hasTemplate(text) ? [] : [text]
  return traitValues(template, traits).map((value) => `${template.before}${value}${template.after}`)
}
