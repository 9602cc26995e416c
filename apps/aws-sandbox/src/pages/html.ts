/** Markup that may go into a page as it is. */
export interface Html {
  readonly markup: string
}

type Part = string | number | undefined | Html | readonly Html[]

/** Everything that is put into the template is escaped, unless it was made by one. */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const pieces = template.map((text, index) => text + toMarkup(parts[index]))
  return { markup: pieces.join('') }
}

/** The same for XML, which nobody must reformat. */
export const xml = html

function toMarkup(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part))
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('')
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
