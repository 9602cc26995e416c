import type { Expression } from './expression.ts'

/** The inverse of `parseExpression`. */
export function formatExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'text':
      return JSON.stringify(expression.text)
    case 'boolean':
      return String(expression.boolean)
    case 'name':
      return expression.key ? `${expression.name}[${formatExpression(expression.key)}]` : expression.name
    case 'call':
      return `${expression.name}(${expression.args.map(formatExpression).join(', ')})`
    case 'not':
      return `!${tight(expression.of)}`
    case 'compare':
      return `${tight(expression.left)} ${expression.operator} ${tight(expression.right)}`
    case 'and':
      return expression.of
        .map((part) => (part.kind === 'and' || part.kind === 'or' ? bracketed(part) : formatExpression(part)))
        .join(' && ')
    case 'or':
      return expression.of.map((part) => (part.kind === 'or' ? bracketed(part) : formatExpression(part))).join(' || ')
  }
}

const bracketed = (expression: Expression): string => `(${formatExpression(expression)})`

/** What stands beside `!`, `==` or `!=`. */
const tight = (expression: Expression): string =>
  expression.kind === 'and' || expression.kind === 'or' || expression.kind === 'compare'
    ? bracketed(expression)
    : formatExpression(expression)
